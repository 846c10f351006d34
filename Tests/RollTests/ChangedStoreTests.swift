import Glibc
import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

/// Files of live trees are names of the store's own: what is written there in place must not reach the next generation.
@Suite struct ChangedStoreTests {
    private static let items: [(String, TestPackage.Item)] = [
        ("bin", .directory(0o755)), ("bin/tool", .file("tool", 0o755)), ("bin/alias", .symlink("tool")),
        ("share", .directory(0o755)), ("share/text", .file("text", 0o644)), ("share/twin", .hardLink("share/text")),
    ]

    /// A host with one package in its store, staged as generation 1.
    private func staged() throws -> (host: TestHost, package: TestPackage) {
        let host = try TestHost()
        let package = try TestPackage("one", Self.items, on: host)
        try package.install(on: host)
        try stage(1, package, on: host)
        return (host, package)
    }

    private func stage(_ number: Int, _ package: TestPackage, on host: TestHost) throws {
        let (record, files) = try record(number, of: try bundle(packages: [package.package]))
        try host.stager.stage(record, packages: record.packages, files: files)
    }

    /// What somebody may do to a file of the live tree, in a shell there, and the paths of the package that it harms.
    private static let harms: [(script: String, paths: [String])] = [
        ("printf evil >bin/tool", ["bin/tool"]),
        ("printf x | dd of=bin/tool conv=notrunc status=none; touch -d @1 bin/tool", ["bin/tool"]),
        (
            "cp -p bin/tool ref; printf evil >bin/tool; touch -r ref bin/tool; rm ref",
            ["bin/tool"]
        ),
        ("chmod 777 bin/tool", ["bin/tool"]),
        (">share/twin", ["share/text", "share/twin"]),
        ("perl -e 'open F,\"+<\",\"share/text\"; truncate F,2'", ["share/text", "share/twin"]),
    ]

    @Test(arguments: harms) func aWriteInPlaceIsNoticed(_ script: String, _ paths: [String]) async throws {
        let (host, package) = try staged()
        #expect(try host.store.condition(of: package.package) == .sound)
        let done = try await host.shell("cd local.roller/generations/1 && \(script)")
        #expect(done.code == 0, "\(done.output)")
        #expect(try host.store.condition(of: package.package) == .damaged(paths.map { TreePath(known: $0) }))
        #expect(
            try host.store.condition(of: package.package) == .damaged(paths.map { TreePath(known: $0) }),
            "it is not forgotten")
    }

    @Test(.enabled(if: geteuid() == 0)) func anotherOwnerAndACapabilityAreNoticed() async throws {
        for script in ["chown daemon bin/tool", "setcap cap_net_raw+ep bin/tool"] {
            let (host, package) = try staged()
            guard try await host.shell("cd local.roller/generations/1 && \(script)").code == 0 else { continue }
            #expect(
                try host.store.condition(of: package.package) == .damaged([TreePath(known: "bin/tool")]), "\(script)")
        }
    }

    @Test func aFileAddedToTheStoreItselfIsNoticed() throws {
        let (host, package) = try staged()
        try host.write("x", to: "local.roller/packages/\(package.package.archive.hex)/tree/bin/extra")
        #expect(try host.store.condition(of: package.package) == .damaged([]))
    }

    /// Another name, or one less, or a new time of change alone, is no damage, and noted so that it costs nothing again.
    @Test(arguments: [
        "ln bin/tool bin/other", "rm bin/tool", "mv bin/tool bin/x && printf new >bin/tool",
        "chmod 700 bin/tool && chmod 755 bin/tool",
    ])
    func whatLeavesTheBytesAloneIsSound(_ script: String) async throws {
        let (host, package) = try staged()
        let done = try await host.shell("cd local.roller/generations/1 && \(script)")
        #expect(done.code == 0, "\(done.output)")
        #expect(try host.store.condition(of: package.package) == .sound)
    }

    @Test func linkingAndCollectingAreNotTakenForChanges() throws {
        let (host, package) = try staged()
        let swept = "local.roller/packages/\(package.package.archive.hex)/swept"
        let tree = try host.store.tree(package.package)
        #expect(try readJSON(Array(host.read(swept).utf8), as: PackageSweep.self) == PackageSweep(tree))
        host.store.tracking([package.package.archive]) { try? host.stager.discard(generation(1)) }
        #expect(try readJSON(Array(host.read(swept).utf8), as: PackageSweep.self) == PackageSweep(tree))
    }

    @Test func aWriteBetweenTheLookAndTheLinkEndsTheStaging() async throws {
        let (host, package) = try staged()
        #expect(try host.store.condition(of: package.package) == .sound)
        try await host.shell("printf evil >local.roller/generations/1/bin/tool")
        #expect {
            try stage(2, package, on: host)
        } throws: {
            explain($0).contains("somebody wrote to its files")
        }
    }

    @Test func aDamagedPackageIsReplacedAndTreesThatShareItsBytesAreMended() async throws {
        let (host, package) = try staged()
        try stage(2, package, on: host)
        try host.home.parent.exchange("local", with: "2", in: host.home.generations)
        try await host.shell("printf evil >local/bin/tool; printf evil >local/share/twin")
        guard case .damaged = try host.store.condition(of: package.package) else {
            Issue.record("nothing was noticed")
            return
        }
        try package.unpack(on: host)
        try stage(3, package, on: host)
        try host.stager.sync([package.package])
        for tree in ["1", "3"] {
            #expect(try host.read("local.roller/generations/\(tree)/bin/tool") == "tool", "generation \(tree)")
            #expect(try host.read("local.roller/generations/\(tree)/share/text") == "text", "generation \(tree)")
            #expect(try host.read("local.roller/generations/\(tree)/share/twin") == "text", "generation \(tree)")
        }
        #expect(try host.read("local/bin/tool") == "evil", "the live tree stays as somebody made it")
        #expect(try host.store.condition(of: package.package) == .sound)
        #expect(try host.home.packages.entries().map(\.name) == [package.package.archive.hex])
    }

    @Test func whatARefetchThatWasCutOffLeftIsNotUsed() throws {
        let (host, package) = try staged()
        try host.write("half", to: "local.roller/packages/.unpacking-\(package.package.archive.hex)/tree/bin/tool")
        #expect(try host.store.condition(of: package.package) == .sound)
        try stage(2, package, on: host)
        #expect(try host.read("local.roller/generations/2/bin/tool") == "tool")
    }

    @Test func aSweepThatWasLostCostsAReadingAndNoMore() throws {
        let (host, package) = try staged()
        try host.write("", to: "local.roller/packages/\(package.package.archive.hex)/swept")
        #expect(try host.store.condition(of: package.package) == .sound)
        try stage(2, package, on: host)
    }
}
