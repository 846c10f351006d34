import RollerCore
import Testing

/// Whether a class's lock covers what the class pins.
struct LockCoverageTests {
    @Test func aLockWithEveryBuildIsFine() throws {
        #expect(
            try findings(pins: "{jq: 1.7, tz: 1}", locked: [("jq", "1.7", ["p1", "p2"]), ("tz", "1", ["any"])]) == [])
    }

    @Test func aMissingLockIsSaidOnce() throws {
        #expect(
            try findings(pins: "{jq: 1.7, tz: 1}", locked: nil) == [
                "'web' has packages and no hostclasses/web.lock.yml"
            ])
    }

    @Test func aClassWithoutPackagesNeedsNone() throws {
        #expect(try findings(pins: "{}", locked: nil) == [])
    }

    @Test func everyGapIsNamed() throws {
        let found = try findings(
            pins: "{jq: 1.8, new: 1, half: 2}", locked: [("jq", "1.7", ["p1"]), ("half", "2", ["p1"])])
        #expect(
            found == [
                "the lock of 'web' has 'jq' at 1.7, and the class at 1.8", "the lock of 'web' has no package 'new'",
                "the lock of 'web' has no build of 'half' for p2 or any",
            ])
    }

    @Test func theSeverityIsTheCallers() throws {
        let tree = try tree(pins: "{jq: 1}", locked: nil)
        #expect(tree.lockFindings(for: [], severity: .warning).map(\.severity) == [.warning])
    }

    private func findings(pins: String, locked: [(String, String, [String])]?) throws -> [String] {
        let platforms = try ["p1", "p2"].map { try #require(Platform($0)) }
        return try tree(pins: pins, locked: locked).lockFindings(for: platforms).map(\.message)
    }

    private func tree(pins: String, locked: [(String, String, [String])]?) throws -> HostclassTree {
        var files = [RepoFile(path: "hostclasses/web.yml", bytes: Array("packages: \(pins)\n".utf8))]
        if let locked {
            let packages = try locked.map { name, version, platforms in
                Lock.LockedPackage(
                    name: try #require(PackageName(name)), version: try #require(PackageVersion(version)),
                    builds: try platforms.map {
                        Lock.LockedBuild(
                            platform: try #require(Platform($0)), archive: Digest(of: $0), size: ByteCount(1),
                            manifest: Digest(of: $0))
                    })
            }
            files.append(RepoFile(path: "hostclasses/web.lock.yml", bytes: Array(Lock(packages).text.utf8)))
        }
        let name = try #require(HostclassName("web"))
        return try #require(HostclassTree.read(name, from: files).tree)
    }
}
