import LinuxSystem
import RollerCore
import SystemPackage
import Tarball
import Testing

@testable import Roll

@Suite struct PackageStoreTests {
    private typealias Item = TestPackage.Item

    private static let listed: [(String, Item)] = [
        ("bin", .directory(0o755)), ("bin/tool", .file("tool", 0o755)), ("bin/alias", .symlink("tool")),
        ("share", .directory(0o755)), ("share/text", .file("text", 0o644)), ("share/twin", .hardLink("share/text")),
    ]

    /// What is unpacked in the place of one listed item, or beside all.
    private static func items(_ path: String, _ item: Item?) -> [(String, Item)] {
        var items = listed.filter { $0.0 != path }
        if let item { items.append((path, item)) }
        return items
    }

    @Test func whatTheManifestListsIsUnpackedToTheByte() throws {
        let host = try TestHost()
        let package = try TestPackage("one", Self.listed, on: host)
        try package.install(on: host)
        #expect(try host.store.has(package.package))
        let tree = try host.store.tree(package.package)
        #expect(try tree.readFile("bin/tool", limit: 100) == Array("tool".utf8))
        #expect(try tree.status(of: "bin/tool")?.permissions == 0o755)
        #expect(try tree.readLink("bin/alias") == "tool")
        #expect(try tree.status(of: "share/twin")?.inode == tree.status(of: "share/text")?.inode)
        #expect(try host.store.manifest(package.package) == package.manifest)
    }

    @Test(
        arguments: [
            ("share/zebra", .file("extra", 0o644)), ("aaa", .file("extra", 0o644)), ("zzz", .directory(0o755)),
            ("share/text", nil), ("bin/tool", .file("evil", 0o755)), ("bin/tool", .file("longer", 0o755)),
            ("bin/tool", .file("tool", 0o700)), ("share", .directory(0o777)), ("bin/alias", .symlink("other")),
            ("bin/alias", .file("tool", 0o644)), ("bin/tool", .file("tool", 0o4755)),
        ] as [(String, TestPackage.Item?)])
    func anArchiveThatIsNotWhatItsManifestListsIsRefusedWithThePath(_ path: String, _ item: TestPackage.Item?) throws {
        let host = try TestHost()
        var items = Self.items(path, item)
        if path == "share/text", item == nil { items.removeAll { $0.0 == "share/twin" } }
        let package = try TestPackage("one", items, listed: Self.listed, on: host)
        do {
            try package.unpack(on: host)
            Issue.record("it was unpacked")
        } catch {
            let refusal = unpackingError(error, of: known("one"))
            #expect(refusal.exit == .verification, "\(explain(error))")
            #expect(explain(refusal).contains("'\(path)'"), "\(explain(refusal))")
        }
        #expect(try !host.store.has(package.package))
    }

    @Test func whatAnInterruptedUnpackLeftIsReplaced() throws {
        let host = try TestHost()
        let package = try TestPackage("one", Self.listed, on: host)
        let folder = "local.roller/packages/.unpacking-\(package.package.archive.hex)"
        try host.write("half", to: "\(folder)/tree/bin/tool")
        try host.write("left", to: "\(folder)/tree/lost")
        #expect(try !host.store.has(package.package))
        try package.install(on: host)
        let tree = try host.store.tree(package.package)
        #expect(try tree.readFile("bin/tool", limit: 100) == Array("tool".utf8))
        #expect(try tree.status(of: "lost") == nil)
    }

    @Test func setuidIsKeptWhereTheManifestHasItAndNowhereElse() throws {
        let host = try TestHost()
        let items: [(String, Item)] = [
            ("bin", .directory(0o755)), ("bin/ping", .file("ping", 0o4755)), ("bin/tool", .file("tool", 0o755)),
            ("mail", .directory(0o2775)),
        ]
        let package = try TestPackage("one", items, on: host)
        try package.install(on: host)
        let tree = try host.store.tree(package.package)
        #expect(try tree.status(of: "bin/ping")?.permissions == 0o4755)
        #expect(try tree.status(of: "bin/tool")?.permissions == 0o755)
        #expect(try tree.status(of: "mail")?.permissions == 0o2775)
    }

    @Test func aPackageThatIsThereIsNotPublishedOver() throws {
        let host = try TestHost()
        let package = try TestPackage("one", Self.listed, on: host)
        try package.install(on: host)
        try package.install(on: host)
        #expect(try host.store.has(package.package))
    }
}
