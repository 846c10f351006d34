import Testing

@testable import RollerCore

/// What changed paths can affect.
struct SnapshotChangeTests {
    @Test func pathsFallToWhatTheyAreOf() {
        let change = SnapshotChange(paths: [
            "hosts/a.example.com.yml", "datacenters/snc1.yml", "hostclasses/web.yml", "hostclasses/db.lock.yml",
            "files/log/etc/a", "README.md", "hosts/x/y.yml", "nonsense",
        ])
        #expect(change.hosts.map(\.rawValue) == ["a.example.com"])
        #expect(change.datacenters.map(\.rawValue) == ["snc1"])
        #expect(change.hostclasses.map(\.rawValue).sorted() == ["db", "log", "web"])
        #expect(!change.isRoot && !change.isPeople)
    }

    @Test(arguments: ["users/ann.yml", "groups/ops.yml", "home/ann/.profile"])
    func peopleAreOneThing(_ path: String) { #expect(SnapshotChange(paths: [path]).isPeople) }

    /// However the datacenter is written, a host in it is never passed over.
    @Test(arguments: [
        "datacenter: snc1\n", "datacenter: \"snc1\"\n", "datacenter: 'snc1'\n", "{datacenter: snc1}\n",
        "datacenter: \"\\x73nc1\"\n", "datacenter: \"sn\\\n  c1\"\n", "x-a: &a snc1\ndatacenter: *a\n",
        "? datacenter\n: snc1\n", "datacenter: >-\n  snc1\n",
    ])
    func hostsOfAChangedDatacenterMayBeAffected(_ text: String) {
        let file = Array("hostclass: web@1\n\(text)".utf8)
        #expect(SnapshotChange(paths: ["datacenters/snc1.yml"]).mayAffect(hostFile: file))
    }

    @Test func otherHostsAreNot() {
        let file = Array("hostclass: web@1\ndatacenter: ams1\n".utf8)
        let change = SnapshotChange(paths: ["datacenters/snc1.yml", "hostclasses/db.yml"])
        #expect(!change.mayAffect(hostFile: file))
        #expect(!change.mayBeOfChangedClass(hostFile: file))
        #expect(SnapshotChange(paths: ["hostclasses/web.yml"]).mayBeOfChangedClass(hostFile: file))
        #expect(SnapshotChange(paths: ["roller.yml"]).mayAffect(hostFile: file))
    }
}
