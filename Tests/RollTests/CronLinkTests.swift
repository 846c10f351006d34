import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

@Suite struct CronLinkTests {
    /// A host whose live tree is generation 1, and that links crontabs into `cron` beside it.
    private func host() throws -> TestHost {
        let host = try TestHost()
        try host.mark("local", 1)
        try Directory.open(host.root).makeDirectory("cron")
        try host.home.remember(link: nil, cronDirectory: host.root.appending("cron").string)
        return host
    }

    private func links(_ host: TestHost) throws -> [String: String] {
        let folder = try Directory.open(host.root.appending("cron"))
        return Dictionary(
            uniqueKeysWithValues: try folder.entries().map {
                ($0.name, $0.kind == .symlink ? try folder.readLink($0.name) : "a file")
            })
    }

    @Test func crontabsOfTheLiveTreeAreLinkedAndUnlinkedWithIt() throws {
        let host = try host()
        try host.write("#", to: "local/etc/cron.d/one")
        try host.write("#", to: "local/etc/cron.d/two")
        try CronLinks(host.home).update()
        let place = host.prefix.appending("etc/cron.d").string
        #expect(try links(host) == ["one": "\(place)/one", "two": "\(place)/two"])
        try Directory.open(host.root).remove("local/etc/cron.d/two")
        try CronLinks(host.home).update()
        try CronLinks(host.home).update()
        #expect(try links(host) == ["one": "\(place)/one"])
        _ = try Directory.open(host.root).removeTree("local/.roller")
        try CronLinks(host.home).update()
        #expect(try links(host) == [:], "the tree from before Roller is not its business")
    }

    @Test func whatDoesNotPointIntoThePrefixIsNeverTouched() throws {
        let host = try host()
        try host.write("#", to: "local/etc/cron.d/mine")
        try host.write("#", to: "cron/mine")
        try host.write("#", to: "cron/other")
        let folder = try Directory.open(host.root.appending("cron"))
        try folder.symlink("link", to: "/elsewhere")
        try folder.symlink("near", to: host.prefix.string + "2/etc/cron.d/near")
        let before = try links(host)
        try CronLinks(host.home).update()
        #expect(try links(host) == before)
    }

    @Test(arguments: [
        ("a.b", 0o644, "letters, digits"), ("a~", 0o644, "letters, digits"), ("open", 0o664, "others may write"),
        ("taken", 0o644, "something else of that name"),
    ])
    func aCrontabThatWouldNotRunIsRefused(_ name: String, _ permissions: UInt16, _ words: String) throws {
        let host = try host()
        try host.write("#", to: "cron/taken")
        try host.write("#", to: "local.roller/generations/2/etc/cron.d/\(name)", permissions: permissions)
        #expect {
            try CronLinks(host.home).check(generation(2))
        } throws: {
            explain($0).contains("'etc/cron.d/\(name)'") && explain($0).contains(words)
        }
        try host.home.remember(link: nil, cronDirectory: "none")
        try CronLinks(host.home).check(generation(2))
    }

    @Test func aCrontabOfAPackageGetsATimeOfItsOwnAndLeavesTheStoreAsItIs() throws {
        let host = try host()
        let package = try TestPackage(
            "one",
            [("etc", .directory(0o755)), ("etc/cron.d", .directory(0o755)), ("etc/cron.d/job", .file("#", 0o644))],
            on: host)
        try package.install(on: host)
        let (record, files) = try record(2, of: try bundle(packages: [package.package]))
        try host.stager.stage(record, packages: record.packages, files: files)
        let staged = try #require(try host.status("local.roller/generations/2/etc/cron.d/job"))
        let stored = try #require(try host.store.tree(package.package).status(of: "etc/cron.d/job"))
        #expect(!staged.isSameFile(as: stored) && stored.links == 1)
        #expect(staged.modified > stored.modified)
        #expect(try host.store.condition(of: package.package) == .sound)
    }

    @Test func copiesShareNoFileWithTheStore() async throws {
        let host = try host()
        let package = try TestPackage("one", [("bin", .directory(0o755)), ("bin/a", .file("a", 0o755))], on: host)
        try package.install(on: host)
        try host.home.remember(link: .copy, cronDirectory: nil)
        let (record, files) = try record(2, of: try bundle(packages: [package.package]))
        try host.stager.stage(record, packages: record.packages, files: files)
        try await host.shell("printf evil >local.roller/generations/2/bin/a")
        #expect(try host.store.condition(of: package.package) == .sound)
        #expect(try host.store.tree(package.package).readFile("bin/a", limit: 10) == Array("a".utf8))
    }
}
