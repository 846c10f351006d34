extension Snapshot {
    /// Every place that sets, declares, requires, pins, brings or reads what is called `name`: a setting, a package, a
    /// file below the prefix or of the repository, a user, a group. What has that name in two ways comes out twice.
    public func whereabouts(of name: String) -> [Whereabouts] {
        Whereabouts.Kind.allCases.compactMap { kind in
            let mentions = mentions(of: kind, name)
            return mentions.isEmpty ? nil : Whereabouts(kind: kind, name: name, mentions: mentions)
        }
    }

    /// Every place that speaks of what is called `name` and is of that kind.
    func mentions(of kind: Whereabouts.Kind, _ name: String) -> [Mention] {
        switch kind {
        case .setting: SettingKey(name).map(mentions(ofSetting:)) ?? []
        case .package: PackageName(name).map { mentions(ofPackage: $0) } ?? []
        case .file: mentions(ofFile: name)
        case .user: LoginName(name).map(mentions(ofUser:)) ?? []
        case .group: GroupName(name).map(mentions(ofGroup:)) ?? []
        }
    }

    /// Every name that `whereabouts` has an answer for, sorted.
    public var searchableNames: [String] {
        var names: Set<String> = []
        for (tree, _) in trees {
            names.formUnion(tree.hostclass.settings.map(\.key.rawValue))
            names.formUnion(tree.hostclass.required.map(\.key.rawValue))
            names.formUnion(tree.hostclass.packages.map(\.name.rawValue))
            names.formUnion(tree.files.map(\.path.rawValue))
        }
        names.formUnion(repo.datacenters.values.flatMap(\.settings).map(\.key.rawValue))
        names.formUnion(repo.users.keys.map(\.rawValue))
        names.formUnion(repo.groups.map(\.rawValue))
        return names.sorted()
    }

    // MARK: Settings and packages

    private func mentions(ofSetting key: SettingKey) -> [Mention] {
        let classes = ofTrees { tree, hosts in
            tree.hostclass.settings.filter { $0.key == key }.map {
                Mention(.declares, $0.location, $0.value.inOneLine, hosts: hosts)
            }
                + tree.hostclass.required.filter { $0.key == key }.map {
                    Mention(.requires, $0.location, $0.type.rawValue, hosts: hosts)
                }
        }
        let levels =
            repo.datacenters.values.flatMap { datacenter in
                datacenter.settings.filter { $0.key == key }.map {
                    Mention(.sets, $0.location, $0.value.inOneLine, hosts: hosts(in: datacenter.name).count)
                }
            }
            + repo.hosts.values.flatMap { host in
                host.settings.filter { $0.key == key }.map { Mention(.sets, $0.location, $0.value.inOneLine, hosts: 1) }
            }
        let readers = ofTrees { tree, hosts in
            tree.files.flatMap { $0.template?.names ?? [] }.filter { $0.name.isOf(key) }.map {
                Mention(.reads, $0.location, hosts: hosts)
            }
                + tree.hostclass.services.filter { $0.service.texts.contains { $0.names(key) } }.map {
                    Mention(.reads, $0.location, "service \($0.service.name)", hosts: hosts)
                }
        }
        return classes + levels.sorted { $0.location < $1.location } + readers
    }

    /// - Parameter version: Nil for any.
    func mentions(ofPackage name: PackageName, _ version: PackageVersion? = nil) -> [Mention] {
        let pins = { (tree: HostclassTree) in
            tree.hostclass.packages.filter { $0.name == name && (version == nil || $0.version == version) }
        }
        return ofTrees { tree, hosts in
            pins(tree).map { Mention(.pins, $0.location, $0.version.rawValue, hosts: hosts) }
        }
            + ofTrees { tree, hosts in
                guard !pins(tree).isEmpty else { return [] }
                return tree.hostclass.services.filter { $0.service.uses?.contains(name.rawValue) == true }.map {
                    Mention(.uses, $0.location, "service \($0.service.name)", hosts: hosts)
                }
            }
    }

    // MARK: Files

    /// - Parameter name: A path below the prefix, or of the repository.
    private func mentions(ofFile name: String) -> [Mention] {
        ofTrees { tree, hosts in
            let brought = tree.files.filter { $0.path.rawValue == name || $0.source.releaseFree == name }
            let paths = Set(brought.map(\.path) + [TreePath(name)].compactMap { $0 })
            let hostclass = tree.hostclass
            let near = { (path: TreePath) in paths.contains { $0.isAtOrBelow(path) } }
            let modes = hostclass.modes.filter { paths.contains($0.path) }
            let kept = hostclass.keep.filter { near($0.path) }
            guard !brought.isEmpty || !modes.isEmpty || !kept.isEmpty else { return [] }
            let services = hostclass.services.filter {
                $0.service.uses?.compactMap { TreePath($0) }.contains(where: near) == true
            }
            return brought.map {
                Mention(.brings, SourceLocation(file: $0.source), $0.template == nil ? nil : "template", hosts: hosts)
            }
                + modes.map { Mention(.mode, $0.location, $0.mode.rawValue, hosts: hosts) }
                + kept.map { Mention(.keeps, $0.location, $0.path.rawValue, hosts: hosts) }
                + services.map { Mention(.uses, $0.location, "service \($0.service.name)", hosts: hosts) }
        }
    }

    // MARK: People

    private func mentions(ofUser name: LoginName) -> [Mention] {
        let groups = repo.userGroups.values.filter { $0.members.contains { $0.name == name } }
        let memberships = groups.flatMap { group in
            group.members.filter { $0.name == name }.map { Mention(.member, $0.location, "group \(group.name)") }
        }.sorted { $0.location < $1.location }
        guard let user = repo.users[name] else { return memberships }
        let own = Mention(.defines, user.uidLocation, user.state == .gone ? "gone" : "uid \(user.uid)")
        guard user.state == .active else { return [own] + memberships }
        return [own] + memberships + access(of: Set(groups.map(\.name)))
    }

    private func mentions(ofGroup name: GroupName) -> [Mention] {
        let own = repo.userGroups[name].map { group in
            [Mention(.defines, group.gidLocation, "gid \(group.gid)")]
                + group.members.map { Mention(.member, $0.location, $0.name.rawValue) }
        }
        return (own ?? []) + access(of: [name])
    }

    private func access(of groups: Set<GroupName>) -> [Mention] {
        let mentions = { (access: Hostclass.Access, hosts: Int?) in
            access.login.filter { groups.contains($0.name) }.map {
                Mention(.login, $0.location, "group \($0.name)", hosts: hosts)
            }
                + access.sudo.filter { groups.contains($0.name) }.map {
                    Mention(.sudo, $0.location, "group \($0.name)", hosts: hosts)
                }
        }
        return ofTrees { tree, hosts in mentions(tree.hostclass.access, hosts) }
            + repo.hosts.values.flatMap { mentions($0.access, 1) }.sorted { $0.location < $1.location }
    }

    // MARK: Classes and their releases

    /// The classes as they stand, each followed by its releases in use with the number of hosts on them.
    private var trees: [(tree: HostclassTree, hosts: Int?)] {
        let counts = Dictionary(grouping: repo.hosts.values, by: \.release).mapValues(\.count)
        let heads = repo.hostclasses.values.map { (name: $0.hostclass.name, label: "", tree: $0, hosts: Int?.none) }
        let used = releases.compactMap { reference, lookup -> (HostclassName, String, HostclassTree, Int?)? in
            guard case .found(let release, _) = lookup else { return nil }
            return (reference.hostclass, reference.rawValue, release.tree, counts[reference] ?? 0)
        }
        return (heads + used).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { ($0.2, $0.3) }
    }

    private func ofTrees(_ body: (HostclassTree, Int?) -> [Mention]) -> [Mention] {
        trees.flatMap { body($0.tree, $0.hosts) }
    }
}

extension Service {
    /// What may hold a template.
    fileprivate var texts: [String] {
        let commands: [String] =
            switch supervisor {
            case .systemd: []
            case .commands(let start, let stop, let reload, _): start + stop + (reload ?? [])
            }
        let probes = checks.flatMap { check -> [String] in
            switch check.probe {
            case .http(let text), .tcp(let text): [text]
            case .run(let words): words
            }
        }
        return commands + (validate ?? []) + probes
    }
}

extension String {
    /// Whether this is a path within the value of a setting: `tls.port` for `tls`.
    fileprivate func isOf(_ key: SettingKey) -> Bool {
        utf8.prefix { $0 != UInt8(ascii: ".") }.elementsEqual(key.rawValue.utf8)
    }

    /// Whether a template in this text mentions a setting.
    fileprivate func names(_ key: SettingKey) -> Bool {
        guard contains("{{"), case .success(let template) = Template.parse(self, file: "") else { return false }
        return template.names.contains { $0.name.isOf(key) }
    }

    /// A path without the release before it.
    fileprivate var releaseFree: String { SourceLocation(file: self).releaseAndPath.path }
}

extension Value {
    /// As JSON, cut where it is long.
    fileprivate var inOneLine: String {
        let text = String(decoding: json(), as: UTF8.self)
        return text.unicodeScalars.count <= 60 ? text : "\(text.unicodeScalars.prefix(57))..."
    }
}
