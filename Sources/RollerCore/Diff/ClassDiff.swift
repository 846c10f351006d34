/// What differs between two releases of a class: its file, its lock and its files as they are before rendering.
public enum ClassDiff {
    /// Compares two trees. Places of settings are those of the trees' own files.
    public static func between(_ old: HostclassTree, _ new: HostclassTree) -> MeaningChanges {
        var changes = MeaningChanges()
        let (before, after) = (old.hostclass, new.hostclass)
        changes.compareFact("downtime-budget", before.downtimeBudget?.rawValue, after.downtimeBudget?.rawValue)
        let required = { (hostclass: Hostclass) in
            Dictionary(hostclass.required.map { ($0.key, $0.type.rawValue) }, uniquingKeysWith: { first, _ in first })
        }
        let (oldRequired, newRequired) = (required(before), required(after))
        for key in Set(oldRequired.keys).union(newRequired.keys).sorted() {
            changes.compareFact("required \(key)", oldRequired[key], newRequired[key])
        }
        changes.compareSettings(before.settingSides, after.settingSides)
        changes.comparePackages(old.packageSides, new.packageSides)
        changes.compareServices(before.services.map(\.service), after.services.map(\.service))
        changes.compareKeep(before.keep.map(\.path), after.keep.map(\.path))
        changes.compareModes(before.declaredModes, after.declaredModes)
        changes.compareAccess(HostAccess(before.access), HostAccess(after.access))
        changes.files = fileChanges(from: old.diffedFiles, to: new.diffedFiles)
        return changes
    }
}

extension MeaningChanges {
    /// As JSON writes it.
    public func value(_ details: DiffDetails = .full) -> Value { .map(value(details)) }

    /// For people.
    public func text(_ details: DiffDetails = .full) -> String { text(details, effects: []) }
}

extension Hostclass {
    fileprivate var settingSides: [SettingKey: SettingChange.Side] {
        Dictionary(
            settings.map { setting in
                let origin = EffectiveSetting.Origin(level: .hostclass, location: setting.location)
                return (setting.key, SettingChange.Side(value: setting.value, origin: origin))
            }, uniquingKeysWith: { first, _ in first })
    }

    fileprivate var declaredModes: [TreePath: ModeAndOwner] {
        Dictionary(modes.map { ($0.path, $0.mode) }, uniquingKeysWith: { first, _ in first })
    }
}

extension HostclassTree {
    fileprivate var packageSides: [PackageName: PackageChange.Side] {
        Dictionary(
            hostclass.packages.map { pin in
                let locked = lock?.packages.first { $0.name == pin.name && $0.version == pin.version }
                let builds = (locked?.builds ?? []).map {
                    PackageChange.Build(platform: $0.platform, archive: $0.archive, size: $0.size)
                }
                return (
                    pin.name,
                    PackageChange.Side(version: pin.version, builds: builds.sorted { $0.platform < $1.platform })
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    fileprivate var diffedFiles: [DiffedFile] {
        files.map { file in
            let suffix = file.template == nil ? "" : ClassFile.templateSuffix
            return DiffedFile(
                path: "\(file.path)\(suffix)", bytes: file.bytes, mode: ModeAndOwner(executable: file.isExecutable))
        }
    }
}
