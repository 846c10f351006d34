/// What differs between two states of one host, or between two hosts.
public struct HostDiff: Hashable, Sendable {
    /// The host; of two hosts the second.
    public let host: HostName
    /// What became of it.
    public let standing: Standing
    /// What differs in meaning.
    public let changes: MeaningChanges
    /// What happens to its services, in the order they start.
    public let services: [ServiceEffect]

    /// What became of a host.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        /// It is there on both sides, with another bundle.
        case changed
        /// It is new.
        case added
        /// It is gone. Nothing on the machine changes by that alone: `roll` finds no bundle any more.
        case removed
        /// It has errors now, and gets no bundle.
        case broken
        /// It had errors, and gets a bundle now.
        case mended
    }

    /// Compares two hosts, or two states of one. With one side missing, all that the other has came or went.
    public static func between(
        _ old: ResolvedHost?, _ new: ResolvedHost?, of host: HostName, standing: Standing = .changed
    ) -> HostDiff {
        var changes = MeaningChanges()
        let (before, after) = (old?.bundle, new?.bundle)
        changes.compareFact("release", before?.release.rawValue, after?.release.rawValue)
        if before?.release == after?.release {
            changes.compareFact("release-revision", before?.releaseRevision.rawValue, after?.releaseRevision.rawValue)
        }
        changes.compareFact("datacenter", before?.datacenter.rawValue, after?.datacenter.rawValue)
        changes.compareFact("platform", before?.platform.rawValue, after?.platform.rawValue)
        changes.compareFact(
            "config-servers", before?.configServers.joined(separator: " "),
            after?.configServers.joined(separator: " "))
        changes.compareFact("downtime-budget", before?.downtimeBudget?.rawValue, after?.downtimeBudget?.rawValue)
        changes.compareSettings(old?.settingSides ?? [:], new?.settingSides ?? [:])
        changes.comparePackages(before?.packageSides ?? [:], after?.packageSides ?? [:])
        changes.compareServices(before?.services ?? [], after?.services ?? [])
        changes.compareKeep(before?.keep ?? [], after?.keep ?? [])
        changes.compareModes(before?.modes ?? [:], after?.modes ?? [:])
        changes.compareAccess(old?.access, new?.access)
        changes.files = fileChanges(from: old?.diffedFiles ?? [], to: new?.diffedFiles ?? [])
        return HostDiff(host: host, standing: standing, changes: changes, services: effects(old, new, changes))
    }

    private static func effects(
        _ old: ResolvedHost?, _ new: ResolvedHost?, _ changes: MeaningChanges
    ) -> [ServiceEffect] {
        // A host that has no bundle any more is left as it is.
        guard let new else { return [] }
        guard let old else {
            return new.bundle.services.map {
                ServiceEffect(
                    name: $0.name, action: .start, isCertain: true, reason: ServiceChange.Reason.added.text)
            }
        }
        return serviceEffects(
            from: old.bundle.services, to: new.bundle.services, KnownTreeChanges(from: old, to: new, changes))
    }

    /// Whether nothing differs.
    public var isEmpty: Bool { standing == .changed && changes.isEmpty }
}

extension ResolvedHost {
    fileprivate var settingSides: [SettingKey: SettingChange.Side] {
        Dictionary(
            settings.map { ($0.key, SettingChange.Side(value: $0.value, origin: $0.origin)) },
            uniquingKeysWith: { first, _ in first })
    }

    fileprivate var diffedFiles: [DiffedFile] {
        files.map { DiffedFile(path: $0.path.rawValue, bytes: $0.bytes, mode: $0.mode) }
    }
}

extension Bundle {
    fileprivate var packageSides: [PackageName: PackageChange.Side] {
        Dictionary(
            packages.map { package in
                let build = PackageChange.Build(
                    platform: package.platform, archive: package.archive, size: package.size)
                return (package.name, PackageChange.Side(version: package.version, builds: [build]))
            }, uniquingKeysWith: { first, _ in first })
    }
}
