/// What a host gets for one setting, once datacenter and host have spoken, and where it was said.
public struct EffectiveSetting: Hashable, Sendable {
    /// What it is called.
    public let key: SettingKey
    /// The value: the last one that was set, whole.
    public let value: Value
    /// Where that value was set.
    public let origin: Origin
    /// Where others were set that it outranks, the nearest first.
    public let outranked: [Origin]

    /// A level of the tree and a place in it.
    public struct Origin: Hashable, Sendable {
        /// Which level.
        public let level: Level
        /// Where the key is written. For a class: in the release that the host names.
        public let location: SourceLocation
    }

    /// The levels that can set a value; each outranks those before it.
    public enum Level: String, Hashable, Sendable {
        case hostclass, datacenter, host
    }
}

/// The settings of a host, resolved: one value a key that its class declares.
func effectiveSettings(
    of host: Host, in datacenter: Datacenter?, of tree: HostclassTree
) -> (settings: [EffectiveSetting], findings: [Diagnostic]) {
    var findings: [Diagnostic] = []
    var settings: [EffectiveSetting] = []
    let hostclass = tree.hostclass
    let declared =
        hostclass.settings.map { (key: $0.key, type: $0.value.type, location: $0.location) }
        + hostclass.required.filter { required in !hostclass.settings.contains { $0.key == required.key } }.map {
            (key: $0.key, type: $0.type, location: $0.location)
        }
    for (key, type, declaration) in declared {
        let written: [(EffectiveSetting.Level, Setting?)] = [
            (.hostclass, hostclass.settings.first { $0.key == key }),
            (.datacenter, datacenter?.settings.first { $0.key == key }),
            (.host, host.settings.first { $0.key == key }),
        ]
        let found = written.compactMap { level, setting in
            setting.map { (origin: EffectiveSetting.Origin(level: level, location: $0.location), value: $0.value) }
        }
        for (origin, value) in found where value.type != type {
            findings.append(
                Diagnostic(
                    .settingTypeMismatch, at: origin.location,
                    "the setting '\(key)' is \(type.inWords), and this is \(value.type.inWords)",
                    hint: "write \(type.inWords), or change the type in the class '\(hostclass.name)'",
                    related: [.init(declaration, "declared here")]))
        }
        guard let last = found.last else {
            // Of a datacenter that is not there, nobody knows what it would set; that it is missing is said elsewhere.
            guard datacenter != nil else { continue }
            findings.append(
                Diagnostic(
                    .requiredSettingMissing, at: host.releaseLocation,
                    "'\(host.release)' requires the setting '\(key)', and neither the datacenter '\(host.datacenter)' nor the host sets it",
                    hint: "set '\(key)', \(type.inWords), in datacenters/\(host.datacenter).yml or in this file",
                    related: [.init(declaration, "required here")]))
            continue
        }
        settings.append(
            EffectiveSetting(
                key: key, value: last.value, origin: last.origin,
                outranked: found.dropLast().reversed().map(\.origin)))
    }
    let keys = Set(declared.map(\.key))
    for setting in host.settings where !keys.contains(setting.key) {
        let near = nearestName(to: setting.key.rawValue, among: keys.map(\.rawValue).sorted())
        findings.append(
            Diagnostic(
                .undeclaredSetting, at: setting.location,
                "'\(host.release)' declares no setting '\(setting.key)'",
                hint: near.map { "did you mean '\($0)'?" }
                    ?? "declare it in hostclasses/\(hostclass.name).yml with a default, and release the class"))
    }
    return (settings.sorted { $0.key < $1.key }, findings)
}
