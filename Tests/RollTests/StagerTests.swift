import Glibc
import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

@Suite struct StagerTests {
    private let candidate = "local.roller/generations/7"

    private func stage(_ bundle: Bundle, on host: TestHost) throws {
        let (record, files) = try record(7, of: bundle)
        try host.stager.stage(record, packages: record.packages, files: files)
    }

    private func refusal(_ bundle: Bundle, on host: TestHost) throws -> RollError {
        do {
            try stage(bundle, on: host)
        } catch let error as RollError {
            return error
        }
        Issue.record("it was staged")
        return .nothingToRollBackTo
    }

    private func package(_ name: String, _ items: [(String, TestPackage.Item)], on host: TestHost) throws
        -> Bundle.Package
    {
        let package = try TestPackage(name, items, on: host)
        try package.install(on: host)
        return package.package
    }

    @Test func aCandidateHasPackagesFilesKeptDataAndItsMarker() throws {
        let host = try TestHost()
        let one = try package("one", [("bin", .directory(0o755)), ("bin/a", .file("a", 0o755))], on: host)
        let two = try package("two", [("bin", .directory(0o755)), ("bin/b", .file("b", 0o755))], on: host)
        try stage(
            bundle(packages: [one, two], files: [("etc/x.conf", "x")], keep: ["var/lib/x"]), on: host)
        #expect(try host.read("\(candidate)/bin/a") == "a")
        #expect(try host.read("\(candidate)/bin/b") == "b")
        #expect(try host.read("\(candidate)/etc/x.conf") == "x")
        #expect(try host.home.generation(of: "7", in: host.home.generations) == generation(7))
        let link = try Directory.open(host.root).readLink("\(candidate)/var/lib/x")
        #expect(link == host.home.path.appending("keep/var/lib/x").string)
        #expect(try host.status("local.roller/keep/var/lib/x")?.kind == .directory)
        let source = try host.store.tree(one).status(of: "bin/a")
        #expect(try host.status("\(candidate)/bin/a")?.inode == source?.inode, "packages are hard-linked")
    }

    @Test func keptDataStaysWhatItIs() throws {
        let host = try TestHost()
        try host.write("data", to: "local.roller/keep/var/lib/x/data")
        try stage(bundle(keep: ["var/lib/x"]), on: host)
        #expect(try host.read("local.roller/keep/var/lib/x/data") == "data")
    }

    @Test func twoPackagesWithOnePathAreBothNamed() throws {
        let host = try TestHost()
        let one = try package("one", [("bin", .directory(0o755)), ("bin/a", .file("a", 0o755))], on: host)
        let two = try package("two", [("bin", .directory(0o755)), ("bin/a", .file("b", 0o755))], on: host)
        let error = try refusal(bundle(packages: [one, two]), on: host)
        #expect(error.message == "'bin/a' comes from the package one and from the package two")
        #expect(error.exit == .staging)
    }

    @Test func aPackageAndAFileOfTheClassAreBothNamed() throws {
        let host = try TestHost()
        let one = try package("one", [("etc", .directory(0o755)), ("etc/x", .file("a", 0o644))], on: host)
        let error = try refusal(bundle(packages: [one], files: [("etc/x", "x")]), on: host)
        #expect(error.message == "'etc/x' comes from the package one and from the class's files")
    }

    @Test func aFileOfTheClassAndKeptDataAreBothNamed() throws {
        let host = try TestHost()
        let error = try refusal(bundle(files: [("var/x", "x")], keep: ["var/x"]), on: host)
        #expect(error.message == "'var/x' comes from the class's files and from keep")
    }

    @Test func aFileBelowAnothersFileNamesBoth() throws {
        let host = try TestHost()
        let one = try package("one", [("etc", .directory(0o755)), ("etc/x", .file("a", 0o644))], on: host)
        let error = try refusal(bundle(packages: [one], files: [("etc/x/y", "x")]), on: host)
        #expect(error.message == "'etc/x' comes from the package one and from the class's files")
    }

    @Test func aFileBelowKeptDataNamesBoth() throws {
        let host = try TestHost()
        let error = try refusal(bundle(files: [("var/x/y", "x")], keep: ["var/x"]), on: host)
        #expect(error.message == "'var/x' comes from the class's files and from keep")
    }

    @Test func aModeOfAPackagedFileLeavesTheStoreAsItIs() throws {
        let host = try TestHost()
        let one = try package("one", [("etc", .directory(0o755)), ("etc/key", .file("secret", 0o644))], on: host)
        let before = try #require(try host.store.tree(one).status(of: "etc/key"))
        try stage(bundle(packages: [one], modes: ["etc/key": "0600"]), on: host)
        let after = try #require(try host.store.tree(one).status(of: "etc/key"))
        #expect(after.permissions == 0o644)
        #expect(after.links == 1 && before.links == 1)
        #expect(after.changed == before.changed, "not even its status changed")
        let staged = try #require(try host.status("\(candidate)/etc/key"))
        #expect(staged.permissions == 0o600 && staged.inode != after.inode)
        #expect(try host.read("\(candidate)/etc/key") == "secret")
    }

    @Test func aModeOfADirectoryLeavesTheStoreAsItIs() throws {
        let host = try TestHost()
        let one = try package("one", [("etc", .directory(0o755)), ("etc/key", .file("secret", 0o644))], on: host)
        try stage(bundle(packages: [one], modes: ["etc": "0700"]), on: host)
        #expect(try host.store.tree(one).status(of: "etc")?.permissions == 0o755)
        #expect(try host.status("\(candidate)/etc")?.permissions == 0o700)
    }

    @Test(.enabled(if: geteuid() == 0)) func ownersAreSetBeforeModes() throws {
        let host = try TestHost()
        let one = try package("one", [("bin", .directory(0o755)), ("bin/a", .file("a", 0o755))], on: host)
        try stage(bundle(packages: [one], modes: ["bin/a": "0750 daemon:bin"]), on: host)
        let status = try #require(try host.status("\(candidate)/bin/a"))
        #expect(try status.uid == Accounts.user(named: "daemon"))
        #expect(try status.gid == Accounts.group(named: "bin"))
        #expect(status.permissions == 0o750)
    }

    @Test(arguments: [
        ("0640 nobodyatall:root", "user 'nobodyatall'"), ("0640 root:nogroupatall", "group 'nogroupatall'"),
    ])
    func anUnknownOwnerIsNamedWithItsPath(_ mode: String, _ words: String) throws {
        let host = try TestHost()
        let error = try refusal(bundle(files: [("etc/x", "x")], modes: ["etc/x": mode]), on: host)
        #expect(error.message.contains(words) && error.message.contains("'etc/x'"), "\(error.message)")
        #expect(error.exit == .staging)
    }

    @Test func withoutItsMarkerACandidateIsNone() throws {
        let host = try TestHost()
        _ = try refusal(bundle(files: [("etc/x", "x")], modes: ["etc/y": "0600"]), on: host)
        #expect(try host.status("\(candidate)/.roller") == nil, "the marker comes last")
        #expect(try host.home.storedGenerations().isEmpty)
    }

    @Test func aCandidateOfAnEarlierTryIsReplaced() throws {
        let host = try TestHost()
        try host.write("old", to: "\(candidate)/etc/old")
        try host.mark(candidate, 7)
        try stage(bundle(files: [("etc/x", "x")]), on: host)
        #expect(try host.status("\(candidate)/etc/old") == nil)
        #expect(try host.read("\(candidate)/etc/x") == "x")
    }
}
