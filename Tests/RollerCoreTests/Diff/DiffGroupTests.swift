import Testing

@testable import RollerCore

/// Hosts with the same diff are shown once.
struct DiffGroupTests {
    /// Diffs of hosts whose files say these workers before and after.
    private func groups(
        _ hosts: [(name: String, old: Int, new: Int)], conf: String = "{{roller.host}} {{workers}}\n"
    ) throws -> [DiffGroup] {
        var groups = DiffGroups()
        for host in hosts {
            let name = try #require(HostName(host.name))
            let states = try [host.old, host.new].map { workers in
                var good = GoodRepository()
                good.release.set("files/web/etc/conf.mustache", conf)
                good.head.set(
                    "hosts/\(host.name).yml",
                    "hostclass: web@2026.11.22-1\ndatacenter: snc1\nsettings: {workers: \(workers), upstreams: [\(name)]}\n"
                )
                return try #require(good.snapshot.state(of: name).resolved)
            }
            groups.add(HostDiff.between(states[0], states[1], of: name))
        }
        return groups.groups
    }

    @Test func theirOwnNamesDoNotSetHostsApart() throws {
        let groups = try groups([("b.example.com", 1, 2), ("a.example.com", 1, 2), ("c", 1, 2)])
        #expect(groups.map { $0.hosts.map(\.rawValue) } == [["a.example.com", "b.example.com", "c"]])
        #expect(groups.first?.example.host.rawValue == "a.example.com")
        #expect(groups.first?.example.text().contains("+a.example.com 2") == true)
    }

    @Test func otherValuesDo() throws {
        let groups = try groups([("a", 1, 2), ("b", 1, 3), ("c", 2, 3), ("d", 1, 3)])
        #expect(groups.map { $0.hosts.map(\.rawValue) } == [["b", "d"], ["a"], ["c"]])
    }

    @Test func linesAroundAChangeDoNot() throws {
        let conf = "{{#upstreams}}{{.}} is next{{/upstreams}}\n{{workers}}\n"
        #expect(try groups([("a", 1, 2), ("b", 1, 2)], conf: conf).count == 1)
    }

    @Test func theOrderTheyComeInMakesNoDifference() throws {
        let hosts = [("a", 1, 2), ("b", 1, 3), ("c", 1, 2), ("d", 1, 3), ("e", 4, 5)]
        let one = try groups(hosts)
        let other = try groups(hosts.reversed())
        #expect(one.map(\.hosts) == other.map(\.hosts))
        #expect(one.map(\.example) == other.map(\.example))
    }
}
