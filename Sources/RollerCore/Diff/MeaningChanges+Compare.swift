internal import OrderedCollections

extension MeaningChanges {
    mutating func compareFact(_ name: String, _ old: String?, _ new: String?) {
        if let change = change(name, old, new) { facts.append(change) }
    }

    mutating func compareSettings(_ old: [SettingKey: SettingChange.Side], _ new: [SettingKey: SettingChange.Side]) {
        for key in Set(old.keys).union(new.keys).sorted() {
            let (before, after) = (old[key], new[key])
            if let before, let after, before.value.json() == after.value.json() { continue }
            settings.append(SettingChange(key: key, old: before, new: after))
        }
    }

    mutating func comparePackages(_ old: [PackageName: PackageChange.Side], _ new: [PackageName: PackageChange.Side]) {
        for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
            packages.append(PackageChange(name: name, old: old[name], new: new[name]))
        }
    }

    mutating func compareServices(_ old: [Service], _ new: [Service]) {
        let before = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(new.map(\.name))
        for service in new {
            guard let earlier = before[service.name] else {
                services.append(definition(service.name, .added, [:], service.texts))
                continue
            }
            let change = definition(service.name, .changed, earlier.texts, service.texts)
            if !change.fields.isEmpty { services.append(change) }
        }
        for service in old where !names.contains(service.name) {
            services.append(definition(service.name, .removed, service.texts, [:]))
        }
    }

    mutating func compareKeep(_ old: [TreePath], _ new: [TreePath]) {
        for path in Set(old).symmetricDifference(new).sorted() {
            let isNew = new.contains(path)
            keep.append(
                TextChange(name: path.rawValue, old: isNew ? nil : "kept", new: isNew ? "kept" : nil))
        }
    }

    mutating func compareModes(_ old: [TreePath: ModeAndOwner], _ new: [TreePath: ModeAndOwner]) {
        for path in Set(old.keys).union(new.keys).sorted() {
            if let change = change(path.rawValue, old[path]?.rawValue, new[path]?.rawValue) { modes.append(change) }
        }
    }

    mutating func compareAccess(_ old: HostAccess?, _ new: HostAccess?) {
        for right in AccessRight.allCases {
            let before = Set(old?.groups(right) ?? [])
            let after = Set(new?.groups(right) ?? [])
            for group in before.symmetricDifference(after).sorted() {
                access.append(AccessChange(right: right, group: group, isGained: after.contains(group)))
            }
        }
    }

    private func definition(
        _ name: ServiceName, _ presence: Presence, _ old: OrderedDictionary<String, String>,
        _ new: OrderedDictionary<String, String>
    ) -> ServiceDefinitionChange {
        let keys = OrderedSet(new.keys).union(old.keys)
        return ServiceDefinitionChange(
            name: name, presence: presence, fields: keys.compactMap { change($0, old[$0], new[$0]) })
    }

    /// Nil where nothing changed.
    private func change(_ name: String, _ old: String?, _ new: String?) -> TextChange? {
        switch (old, new) {
        case (nil, nil): nil
        case (let old?, let new?) where sameBytes(old, new): nil
        default: TextChange(name: name, old: old, new: new)
        }
    }
}

extension Service {
    /// Each key of its definition, with its value as JSON.
    fileprivate var texts: OrderedDictionary<String, String> {
        var texts: OrderedDictionary<String, String> = [:]
        switch supervisor {
        case .systemd(let unit): texts["systemd"] = unit
        case .commands(let start, let stop, let reload, let timeout):
            texts["start"] = json(start)
            texts["stop"] = json(stop)
            texts["reload"] = reload.map(json)
            texts["timeout"] = timeout.rawValue
        }
        texts["uses"] = uses.map(json)
        if !reloadOn.isEmpty { texts["reload-on"] = json(reloadOn.map(\.rawValue)) }
        texts["validate"] = validate.map(json)
        for (position, check) in checks.enumerated() {
            let (key, text) =
                switch check.probe {
                case .http(let url): ("http", url)
                case .tcp(let address): ("tcp", address)
                case .run(let words): ("run", json(words))
                }
            texts["check \(position + 1)"] = "\(key) \(text) within \(check.within)"
        }
        return texts
    }

    private func json(_ words: [String]) -> String {
        String(decoding: Value.list(words.map { .string($0) }).json(), as: UTF8.self)
    }
}
