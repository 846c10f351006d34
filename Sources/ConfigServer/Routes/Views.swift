internal import OrderedCollections
internal import RollerCore

extension Value {
    /// A map of these entries, in this order.
    static func entries(_ entries: [(String, Value)]) -> Value {
        .map(OrderedDictionary(entries, uniquingKeysWith: { first, _ in first }))
    }

    /// Anything that can be coded as JSON, as a value.
    static func coded(_ value: some Encodable) -> Value {
        do {
            return try readJSON(canonicalJSON(value), as: Value.self)
        } catch {
            // What is coded here has neither nulls nor fractions, the only JSON that is no value.
            preconditionFailure("a value of ours cannot be read back: \(describeDecoding(error))")
        }
    }
}

extension ServedSnapshot {
    /// A value of this commit in the format that is asked for, made once.
    func view(
        _ name: String, _ format: Format, _ make: @escaping @Sendable () throws -> Value
    ) throws -> Answer {
        let view = try views.view(.init(name: name, format: format), type: format.mediaType) {
            ViewCache.Made(bytes: try make().bytes(as: format))
        }
        return Answer(view, of: revision)
    }

    /// A file of the repository, its bytes as they are in YAML, and what they say in JSON.
    func view(
        file path: String, _ format: Format, _ make: @escaping @Sendable () throws -> Value
    ) throws -> Answer {
        guard format == .yaml, let file = files[path] else { return try view(path, format, make) }
        let view = try views.view(.init(name: path, format: format), type: format.mediaType) {
            ViewCache.Made(bytes: file.bytes)
        }
        return Answer(view, of: revision)
    }
}

extension Host {
    /// A host in a list.
    var summary: Value {
        .map([
            "name": .string(name.rawValue), "release": .string(release.rawValue),
            "datacenter": .string(datacenter.rawValue),
        ])
    }

    /// What the host's file says.
    var asValue: Value {
        var entries: [(String, Value)] = [
            ("hostclass", .string(release.rawValue)), ("datacenter", .string(datacenter.rawValue)),
        ]
        if let platform { entries.append(("platform", .string(platform.rawValue))) }
        entries.append(("settings", settings.asValue))
        return .entries(entries)
    }
}

extension Datacenter {
    /// What the datacenter's file says.
    var asValue: Value {
        var entries: [(String, Value)] = []
        if let platform { entries.append(("platform", .string(platform.rawValue))) }
        entries.append(("config-servers", .list(configServers.map(Value.string))))
        entries.append(("settings", settings.asValue))
        return .entries(entries)
    }
}

extension Hostclass {
    /// What the class's file says.
    var asValue: Value {
        var entries: [(String, Value)] = [
            ("packages", .entries(packages.map { ($0.name.rawValue, .string($0.version.rawValue)) })),
            ("settings", settings.asValue),
            ("required", .entries(required.map { ($0.key.rawValue, .string($0.type.rawValue)) })),
            ("services", .entries(services.map { ($0.service.name.rawValue, .coded($0.service)) })),
            ("keep", .list(keep.map { .string($0.path.rawValue) })),
            ("modes", .entries(modes.map { ($0.path.rawValue, .string($0.mode.rawValue)) })),
            (
                "access",
                .map([
                    "login": .list(access.login.map { .string($0.name.rawValue) }),
                    "sudo": .list(access.sudo.map { .string($0.name.rawValue) }),
                ])
            ),
        ]
        if let downtimeBudget { entries.append(("downtime-budget", .string(downtimeBudget.rawValue))) }
        return .entries(entries)
    }
}

extension [Setting] {
    fileprivate var asValue: Value { .entries(map { ($0.key.rawValue, $0.value) }) }
}
