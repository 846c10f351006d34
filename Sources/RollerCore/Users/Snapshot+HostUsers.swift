extension Snapshot {
    /// All that decides the accounts of a host.
    /// - Parameter homes: The digest of the tarball of dotfiles of each person who has any.
    /// - Returns: Nil where the host's release cannot be read: nobody may lose access by that.
    public func users(of host: Host, homes: [LoginName: Digest]) -> HostUsers? {
        guard let access = access(to: host) else { return nil }
        let known = { (names: [GroupName]) in names.filter { repo.userGroups[$0] != nil } }
        let (login, sudo) = (known(access.login), known(access.sudo))
        let holders = members(of: login + sudo)
        let roots = members(of: sudo)
        let people = holders.compactMap { repo.users[$0] }.filter { $0.state == .active }.sorted { $0.name < $1.name }
        let names = Set(people.map(\.name))
        let theirs = repo.userGroups.values.filter { group in group.members.contains { names.contains($0.name) } }
        let groups = Set(theirs.map(\.name)).union(login).union(sudo).sorted().compactMap { repo.userGroups[$0] }
        return HostUsers(
            format: 1, host: host.name,
            users: people.map { user in
                HostUsers.Account(
                    name: user.name, uid: user.uid, fullName: user.fullName, shell: user.shell,
                    keys: user.keys.map(\.key.text),
                    groups: groups.filter { group in group.members.contains { $0.name == user.name } }.map(\.name),
                    sudo: roots.contains(user.name), home: homes[user.name])
            },
            groups: groups.map { HostUsers.Group(name: $0.name, gid: $0.gid) },
            access: HostUsers.Access(login: login, sudo: sudo),
            protected: Set(repo.root.protectedAccounts.map(\.name)).sorted(), removals: repo.root.removalsPerHost)
    }

    /// What a person may do on each host where they may do anything, sorted by host; nothing for one who has left.
    public func access(of user: LoginName) -> [(host: Host, sudo: Bool)] {
        guard repo.users[user]?.state == .active else { return [] }
        let groups = Set(repo.userGroups.values.filter { $0.members.contains { $0.name == user } }.map(\.name))
        return repo.hosts.values.compactMap { host in
            guard let access = access(to: host) else { return nil }
            let isRoot = access.sudo.contains(where: groups.contains)
            return isRoot || access.login.contains(where: groups.contains) ? (host, isRoot) : nil
        }.sorted { $0.host.name < $1.host.name }
    }

    private func members(of groups: [GroupName]) -> Set<LoginName> {
        Set(groups.flatMap { repo.userGroups[$0]?.members.map(\.name) ?? [] })
    }
}
