internal import RollerCore

extension PageRoutes {
    /// `/users`: people and groups.
    @Sendable func users(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let links = look.links
        let index = AccessIndex(look.snapshot.snapshot)
        let people = look.repo.users.values.sorted { $0.name < $1.name }
        var page = look.page("Users", .users)
        page.sections = [
            Page.Section(
                "People", count: people.count,
                [
                    .table(
                        Table(
                            caption: "People", columns: ["Login", "Name", .number("uid"), "State", "Groups"],
                            rows: people.prefix(1000).map { person in
                                [
                                    links.user(person.name.rawValue), person.fullName.map { Phrase($0) } ?? .none,
                                    .code("\(person.uid)"),
                                    person.state == .active ? Phrase("active", .good) : Phrase("gone", .quiet),
                                    index.groups(of: person.name).map(links.group).joined(),
                                ]
                            },
                            footer: people.count > 1000
                                ? .quiet("and \((people.count - 1000).grouped) more; the search finds them") : .nothing,
                            empty: "The repository names nobody."))
                ]),
            Page.Section(
                "Groups", count: look.repo.userGroups.count,
                [
                    .table(
                        Table(
                            caption: "Groups",
                            columns: ["Group", .number("gid"), .number("Members"), "Gets onto"],
                            rows: look.repo.userGroups.values.sorted { $0.name < $1.name }.map { group in
                                let classes = Set(index.ways(of: [group.name]).map(\.way.release.hostclass)).sorted()
                                return [
                                    links.group(group.name), .code("\(group.gid)"), Phrase("\(group.members.count)"),
                                    classes.isEmpty ? .none : classes.prefix(8).map(links.hostclass).joined(),
                                ]
                            }, empty: "There is no group."))
                ]),
        ]
        return page
    }

    /// `/users/ann`: what somebody gets onto.
    @Sendable func user(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let text = call["user"]
        guard let name = LoginName(text), let user = look.repo.users[name] else {
            throw UnknownName("user", text, among: look.repo.users.keys.map(\.rawValue).sorted())
        }
        let links = look.links
        let index = AccessIndex(look.snapshot.snapshot)
        let path = "users/\(name).yml"
        var page = look.page(name.rawValue, .users)
        page.trail = [.link("Users", links.page(["users"]))]
        page.lead = user.fullName.map { Phrase($0) } ?? .nothing
        let groups = index.groups(of: name)
        page.sections = [
            Page.Section(
                "Account",
                [
                    .facts([
                        Fact("State", user.state == .active ? Phrase("active", .good) : Phrase("gone", .quiet)),
                        Fact("uid", .code("\(user.uid)")),
                        Fact("Shell", user.shell.map { .code($0) } ?? .quiet("the host's own")),
                        Fact("Groups", groups.isEmpty ? .none : groups.map(links.group).joined()),
                        Fact("Keys", Phrase(counted(user.keys.count, "key"))),
                        Fact("File", .code(path, link: links.source(path, at: look.snapshot.revision))),
                    ]),
                    .listing(Listing(file: look.snapshot.files[path]?.bytes ?? [], path: path)),
                ]),
            Page.Section(
                "Gets onto", wayBlocks(index.ways(of: groups), look.snapshot.snapshot.access(of: name).count, look)),
        ]
        return page
    }

    /// `/groups/ops`: who is in it, and what that opens.
    @Sendable func group(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let text = call["group"]
        guard let name = GroupName(text), let group = look.repo.userGroups[name] else {
            throw UnknownName("group", text, among: look.repo.userGroups.keys.map(\.rawValue).sorted())
        }
        let links = look.links
        let path = "groups/\(name).yml"
        var page = look.page(name.rawValue, .users)
        page.trail = [.link("Users", links.page(["users"]))]
        page.lead =
            Phrase("A group of \(counted(group.members.count, "person", "people")), gid \(group.gid), from ")
            + .code(path, link: links.source(path, at: look.snapshot.revision))
        page.sections = [
            Page.Section(
                "Members", count: group.members.count,
                [
                    .table(
                        Table(
                            caption: "Members of \(name)", columns: ["Login", "Name", "Where it is said"],
                            rows: group.members.map { member in
                                [
                                    links.user(member.name.rawValue),
                                    look.repo.users[member.name]?.fullName.map { Phrase($0) } ?? .none,
                                    links.source(member.location, of: look.snapshot),
                                ]
                            }, empty: "Nobody is in it."))
                ]),
            Page.Section(
                "Gets onto",
                wayBlocks(
                    AccessIndex(look.snapshot.snapshot).ways(of: [name]),
                    look.repo.hosts.values.count { host in
                        guard let access = look.snapshot.snapshot.access(to: host) else { return false }
                        return access.login.contains(name) || access.sudo.contains(name)
                    }, look)),
        ]
        return page
    }

    private func wayBlocks(_ ways: AccessIndex.Ways, _ hosts: Int, _ look: Look) -> [Block] {
        let table = Table(
            caption: "What that opens", columns: ["Release", .number("Hosts"), "May", "Through group"],
            rows: ways.prefix(300).map { way, hosts in
                let query = [("release", way.release.rawValue)]
                return [
                    look.links.release(way.release),
                    Phrase.link(hosts.grouped, look.links.page(["hosts"], query)),
                    Phrase(way.right.rawValue, way.right == .sudo ? .warn : .info), look.links.group(way.group),
                ]
            }, footer: ways.count > 300 ? .quiet("and \((ways.count - 300).grouped) more") : .nothing, empty: "No host."
        )
        return [.text(Phrase("\(counted(hosts, "host")) of \(look.repo.hosts.count.grouped).")), .table(table)]
    }
}
