internal import OrderedCollections

extension MeaningChanges {
    /// These changes as JSON writes them; parts without a change are left out.
    /// - Parameter details: What to say of files and origins.
    func value(_ details: DiffDetails) -> OrderedDictionary<String, Value> {
        var fields: OrderedDictionary<String, Value> = [:]
        func add(_ key: String, _ items: [Value]) { if !items.isEmpty { fields[key] = .list(items) } }
        add("facts", facts.map { .map($0.value) })
        add("settings", settings.map { .map($0.value(details)) })
        add("packages", packages.map { .map($0.value) })
        add("services", services.map { .map($0.value) })
        add(
            "keep",
            keep.map { .map(["path": .string($0.name), "change": .string($0.new == nil ? "removed" : "added")]) })
        add("modes", modes.map { .map($0.value) })
        add("access", access.map { .map($0.value) })
        add("files", files.map { .map($0.value(details)) })
        return fields
    }
}

/// How much of a diff is written.
public enum DiffDetails: Sendable {
    /// All of it.
    case full
    /// Without the contents of files.
    case stat
    /// What makes two hosts' diffs the same: without positions, and of files the changed lines alone. Lines around a
    /// change may speak of other things in which the hosts differ.
    case essence
}

extension HostDiff {
    /// This diff as JSON writes it, without the host's name.
    public func value(_ details: DiffDetails = .full) -> Value {
        var fields: OrderedDictionary<String, Value> = ["standing": .string(standing.rawValue)]
        fields.merge(changes.value(details)) { old, _ in old }
        if !services.isEmpty { fields["effects"] = .list(services.map { .map($0.value) }) }
        return .map(fields)
    }
}

extension TextChange {
    fileprivate var value: OrderedDictionary<String, Value> {
        var fields: OrderedDictionary<String, Value> = ["name": .string(name)]
        fields["old"] = old.map { .string($0) }
        fields["new"] = new.map { .string($0) }
        return fields
    }
}

extension SettingChange {
    fileprivate func value(_ details: DiffDetails) -> OrderedDictionary<String, Value> {
        var fields: OrderedDictionary<String, Value> = ["key": .string(key.rawValue)]
        fields["old"] = old.map { .map($0.value(details)) }
        fields["new"] = new.map { .map($0.value(details)) }
        return fields
    }
}

extension SettingChange.Side {
    fileprivate func value(_ details: DiffDetails) -> OrderedDictionary<String, Value> {
        var fields: OrderedDictionary<String, Value> = ["value": value, "level": .string(origin.level.rawValue)]
        switch details {
        case .full, .stat: fields["from"] = .string("\(origin.location)")
        case .essence: break
        }
        return fields
    }
}

extension PackageChange {
    fileprivate var value: OrderedDictionary<String, Value> {
        var fields: OrderedDictionary<String, Value> = ["name": .string(name.rawValue)]
        fields["old"] = old.map { .map($0.value) }
        fields["new"] = new.map { .map($0.value) }
        return fields
    }
}

extension PackageChange.Side {
    fileprivate var value: OrderedDictionary<String, Value> {
        let builds = builds.map { build in
            Value.map([
                "platform": .string(build.platform.rawValue), "archive": .string(build.archive.rawValue),
                "size": .int(Int(build.size.bytes)),
            ])
        }
        return ["version": .string(version.rawValue), "builds": .list(builds)]
    }
}

extension ServiceDefinitionChange {
    fileprivate var value: OrderedDictionary<String, Value> {
        [
            "name": .string(name.rawValue), "change": .string(presence.rawValue),
            "fields": .list(fields.map { .map($0.value) }),
        ]
    }
}

extension ServiceEffect {
    fileprivate var value: OrderedDictionary<String, Value> {
        [
            "name": .string(name.rawValue), "action": .string(action.rawValue), "certain": .bool(isCertain),
            "because": .string(reason),
        ]
    }
}

extension AccessChange {
    fileprivate var value: OrderedDictionary<String, Value> {
        [
            "right": .string(right.rawValue), "group": .string(group.rawValue),
            "change": .string(isGained ? "gained" : "lost"),
        ]
    }
}

extension FileChange {
    fileprivate func value(_ details: DiffDetails) -> OrderedDictionary<String, Value> {
        var fields: OrderedDictionary<String, Value> = ["path": .string(path), "change": .string(presence.rawValue)]
        if let mode { fields["mode"] = .map(mode.value) }
        switch (contents, details) {
        case (.same, _): break
        case (.text, .stat):
            let lines = lineCounts
            fields["added-lines"] = .int(lines.added)
            fields["removed-lines"] = .int(lines.removed)
        case (.text(let diff), .full): fields["diff"] = .string(diff)
        case (.text, .essence):
            // The mark apart: a minus sign would run into a name behind it.
            fields["lines"] = .list(
                changedLines.flatMap { [.string(String($0.prefix(1))), .string(String($0.dropFirst()))] })
        case (.binary(let old, let new), _):
            fields["binary"] = .bool(true)
            fields["old-size"] = old.map { .int(Int($0.bytes)) }
            fields["new-size"] = new.map { .int(Int($0.bytes)) }
        }
        return fields
    }

    /// How many lines came and went.
    var lineCounts: (added: Int, removed: Int) {
        let lines = changedLines
        let added = lines.count { $0.utf8.first == UInt8(ascii: "+") }
        return (added, lines.count - added)
    }
}
