import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// Who gets onto what, as the server says it.
struct PeopleViewTests {
    private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

    /// Ann and Bob in the group web, whom the class lets in; Cid in dba, whom one host lets in; Dan has left.
    private static func people(_ repository: TestRepository) async throws {
        for (name, uid) in [("ann", 2001), ("bob", 2002), ("cid", 2003)] {
            try repository.write("users/\(name).yml", "# \(name)\nuid: \(uid)\nkeys: [\(key) \(name)]\n")
        }
        try repository.write("users/dan.yml", "uid: 2004\nstate: gone\n")
        try repository.write("groups/web.yml", "gid: 3001\nmembers: [ann, bob]\n")
        try repository.write("groups/dba.yml", "gid: 3002\nmembers: [cid]\n")
        try repository.write("groups/ops.yml", "gid: 3003\nmembers: [ann]\n")
        try repository.write("home/ann/.profile", "export EDITOR=vi\n")
        try repository.write("home/ann/.config/git", "[user]\n")
        try repository.write(
            "hostclasses/web.yml",
            "settings: {workers: 4, port: 8080}\nrequired: {ntp: list}\naccess: {login: [web], sudo: [ops]}\n")
        try repository.write(
            "roller.yml", "format: 1\nlimits: {removals-per-host: 3}\nprotected-accounts: [deploy]\n")
        try await repository.commit("people")
        try await repository.git("tag", "web@2")
        try repository.write("hosts/web-01.example.com.yml", "hostclass: web@2\ndatacenter: snc1\n")
        try repository.write(
            "hosts/web-02.example.com.yml", "hostclass: web@2\ndatacenter: snc1\naccess: {login: [dba]}\n")
        try await repository.commit("web@2")
    }

    private static let users = "/v1/hosts/web-01.example.com/users"

    private static func hostUsers(_ server: TestServer, _ path: String = users) async throws -> HostUsers {
        try HostUsers.read(try await server.get(path, ("Accept", "application/json")).body)
    }

    @Test func aHostsUsersAreThoseOfItsClassAndItsOwn() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let one = try await Self.hostUsers(server)
            #expect(one.users.map(\.name.rawValue) == ["ann", "bob"])
            #expect(one.users.map(\.sudo) == [true, false])
            #expect(one.users.map { $0.groups.map(\.rawValue) } == [["ops", "web"], ["web"]])
            #expect(one.groups.map(\.gid) == [3003, 3001])
            #expect(one.users[0].keys == ["\(Self.key) ann"])
            #expect(one.protected.map(\.rawValue) == ["deploy"])
            #expect(one.removals == 3)
            let other = try await Self.hostUsers(server, "/v1/hosts/web-02.example.com/users")
            #expect(other.users.map(\.name.rawValue) == ["ann", "bob", "cid"])
        }
    }

    @Test func revokingNeedsNoRelease() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let before = try await server.get(Self.users, ("Accept", "application/json"))
            try server.repository.write("groups/web.yml", "gid: 3001\nmembers: [ann]\n")
            try await server.repository.commit("Bob is no longer in web")
            try await server.refresh()
            let after = try await server.get(
                Self.users, ("Accept", "application/json"), ("If-None-Match", before.headers["ETag"] ?? ""))
            #expect(after.status == 200)
            #expect(try HostUsers.read(after.body).users.map(\.name.rawValue) == ["ann"])
        }
    }

    /// What decides access stands in the release: the class's file as it is edited reaches nobody.
    @Test func accessIsThatOfTheRelease() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            try server.repository.write(
                "hostclasses/web.yml",
                "settings: {workers: 4, port: 8080}\nrequired: {ntp: list}\naccess: {login: [dba]}\n")
            try await server.repository.commit("not released")
            try await server.refresh()
            #expect(try await Self.hostUsers(server).users.map(\.name.rawValue) == ["ann", "bob"])
        }
    }

    @Test func theTagIsTheDigestAndStaysWhereNothingChangesForTheHost() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let first = try await server.get(Self.users, ("Accept", "application/json"))
            #expect(first.headers["ETag"] == "\"\(Digest(of: first.body).hex)\"")
            try server.repository.writeHost("web-02", release: "web@1", workers: 9)
            try await server.repository.commit("another host")
            try await server.refresh()
            let second = try await server.get(
                Self.users, ("Accept", "application/json"), ("If-None-Match", first.headers["ETag"] ?? ""))
            #expect(second.status == 304)
            try server.repository.write("home/ann/.profile", "export EDITOR=emacs\n")
            try await server.repository.commit("dotfiles")
            try await server.refresh()
            let third = try await server.get(
                Self.users, ("Accept", "application/json"), ("If-None-Match", first.headers["ETag"] ?? ""))
            #expect(third.status == 200)
        }
    }

    @Test func dotfilesComeAsATarballOfTheDigestThatTheHostWasTold() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let tarball = try await server.get("/v1/users/ann/home.tar")
            #expect(tarball.headers["Content-Type"] == "application/x-tar")
            #expect(try await Self.hostUsers(server).users[0].home == Digest(of: tarball.body))
            #expect(tarball.text.contains(".config/git"))
            let none = try await server.get("/v1/users/bob/home.tar?")
            #expect(none.status == 404)
            #expect(
                try await server.get("/v1/users/bob/home.tar", ("Accept", "application/json")).json()["kind"]
                    == .string("home"))
        }
    }

    @Test func aPersonsHostsAreListed() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let hosts = { (user: String) async throws -> Value in
                try await server.get("/v1/users/\(user)/hosts?format=json").json()
            }
            guard case .list(let anns) = try await hosts("ann"), case .list(let cids) = try await hosts("cid") else {
                Issue.record("no lists")
                return
            }
            #expect(anns.map { $0["sudo"] } == [.bool(true), .bool(true)])
            #expect(cids.map { $0["name"] } == [.string("web-02.example.com")])
            #expect(try await hosts("dan") == .list([]))
        }
    }

    @Test func peopleAndGroupsAreListedAndFiltered() async throws {
        try await TestServer.with(prepare: Self.people) { server async throws in
            let names = { (path: String) async throws -> [String] in try await server.names(path) }
            #expect(try await names("/v1/users?format=json") == ["ann", "bob", "cid", "dan"])
            #expect(try await names("/v1/users?format=json&state=gone") == ["dan"])
            #expect(try await names("/v1/users?format=json&group=web&state=active") == ["ann", "bob"])
            #expect(try await names("/v1/groups?format=json") == ["dba", "ops", "web"])
            #expect(try await server.get("/v1/users/ann").text == "# ann\nuid: 2001\nkeys: [\(Self.key) ann]\n")
            #expect(try await server.get("/v1/groups/web?format=json").json()["gid"] == .int(3001))
            #expect(try await server.get("/v1/users/ane").status == 404)
            #expect(try await server.get("/v1/users?state=away").status == 400)
        }
    }
}

extension TestServer {
    /// The names in a list, of maps or of texts.
    func names(_ path: String) async throws -> [String] {
        guard case .list(let entries) = try await get(path).json() else { return [] }
        return entries.compactMap { entry in
            switch entry {
            case .string(let name): name
            default: if case .string(let name)? = entry["name"] { name } else { nil }
            }
        }
    }
}
