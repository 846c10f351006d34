import Glibc
import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

/// What somebody did to a live tree, told from its generation's record.
@Suite struct LiveTreeTests {
    private let host: TestHost
    private let record: GenerationRecord

    init() throws {
        host = try TestHost()
        let package = try host.package(
            "one",
            [
                ("bin", .directory(0o755)), ("bin/a", .file("aaaa", 0o755)), ("bin/b", .hardLink("bin/a")),
                ("lib", .directory(0o755)), ("lib/z.so", .symlink("z.so.1")), ("lib/z.so.1", .file("z", 0o644)),
            ])
        record = try host.makeLive(
            1,
            of: bundle(
                packages: [package], files: [("etc/app/x.conf", "text\n")], keep: ["var/lib/x"],
                modes: ["lib/z.so.1": "0600"]))
    }

    private func lines(_ depth: LiveTree.Depth = .changedContents) async throws -> [String] {
        try await LiveTree(home: host.home).compare(with: record, depth: depth).drift.findings.map(\.line)
    }

    @Test(arguments: [LiveTree.Depth.metadata, .changedContents, .allContents])
    func aTreeThatNobodyTouchedIsAsItWasMade(_ depth: LiveTree.Depth) async throws {
        #expect(try await lines(depth) == [])
    }

    @Test(arguments: [
        ("rm etc/app/x.conf", ["missing   etc/app/x.conf (the class's files)"]),
        (
            "rm -r etc",
            [
                "missing   etc (what is in it)", "missing   etc/app (what is in it)",
                "missing   etc/app/x.conf (the class's files)",
            ]
        ),
        ("chmod 0700 bin", ["mode      bin: is 0700, was made 0755 (package one)"]),
        ("chmod 0644 lib/z.so.1", ["mode      lib/z.so.1: is 0644, was made 0600 (package one)"]),
        ("ln -sfn z.so.2 lib/z.so", ["target    lib/z.so: is z.so.2, was made z.so.1 (package one)"]),
        ("rm bin/b; mkdir bin/b", ["replaced  bin/b: is a directory, was made a file (package one)"]),
        ("rm var/lib/x; mkdir var/lib/x", ["replaced  var/lib/x: is a directory, was made a symlink (keep)"]),
        ("mkdir opt; echo > opt/new", ["extra     opt, a directory", "extra     opt/new, a file"]),
        ("echo > .roller/note", ["extra     .roller/note, a file"]),
        ("mkfifo etc/pipe", ["extra     etc/pipe, a fifo"]),
        ("touch etc/app", []),
    ])
    func whatWasDoneIsNamed(_ deed: String, _ expected: [String]) async throws {
        try await host.shell("cd local && \(deed)")
        #expect(try await lines() == expected)
        #expect(try await lines(.metadata) == expected, "nothing here is in a file's contents")
    }

    @Test func aFileOfTheSameSizeAndTimesWithOtherContentsIsFound() async throws {
        #expect(try await lines() == [])
        let script = """
            cd local/etc/app && cp -p x.conf ../../../times && printf 'TEXT\n' > x.conf && touch -r ../../../times x.conf
            """
        #expect(try await host.shell(script).code == 0)
        #expect(try await lines() == ["modified  etc/app/x.conf (the class's files)"])
        #expect(try await lines(.allContents) == ["modified  etc/app/x.conf (the class's files)"])
    }

    @Test func anEditInPlaceIsFoundUnderEachNameOfTheFile() async throws {
        try await host.shell("printf 'AAAA' > local/bin/a")
        #expect(try await lines() == ["modified  bin/a (package one)", "modified  bin/b (package one)"])
    }

    @Test func byMetadataAnotherSizeIsFoundAndWhatWasNotReadIsCounted() async throws {
        try await host.shell("printf 'longer' > local/etc/app/x.conf")
        let comparison = try await LiveTree(home: host.home).compare(with: record, depth: .metadata)
        #expect(comparison.drift.findings.map(\.line) == ["modified  etc/app/x.conf (the class's files)"])
        #expect(comparison.filesRead == 0 && comparison.filesNotRead == 3)
    }

    @Test(.enabled(if: geteuid() == 0)) func anotherOwnerIsFound() async throws {
        try await host.shell("chown -h 7:8 local/lib/z.so local/etc/app/x.conf")
        #expect(
            try await lines() == [
                "owner     etc/app/x.conf: is 7:8, was made 0:0 (the class's files)",
                "owner     lib/z.so: is 7:8, was made 0:0 (package one)",
            ])
    }

    @Test func anExtendedAttributeThatThePackageGivesIsMissed() async throws {
        let name: AttributeName = known("user.note")
        let package = try #require(record.packages.first)
        let manifest = try host.store.manifest(package)
        let entries = manifest.entries.map { entry in
            let isFile = entry.path == TreePath(known: "bin/a")
            return PackageManifest.Entry(path: entry.path, kind: entry.kind, attributes: isFile ? [name: [1]] : [:])
        }
        let other = PackageManifest(
            name: manifest.name, version: manifest.version, platform: manifest.platform, archive: manifest.archive,
            size: manifest.size, entries: entries)
        try host.write(other.text, to: "local.roller/packages/\(package.archive.hex)/manifest")
        let missed = ["bin/a", "bin/b"].map {
            "attribute \($0): is without it, was made with user.note (package one)"
        }
        #expect(try await lines() == missed, "each name of the file")
        let tree = try Directory.open(host.prefix)
        try tree.setExtendedAttribute(of: "bin/a", "user.note", [2])
        #expect(try await lines(.metadata) == missed.map { $0.replacing("without it", with: "with another") })
        try tree.setExtendedAttribute(of: "bin/a", "user.note", [1])
        #expect(try await lines() == [])
    }

    @Test func aNameThatIsNoTextIsExtra() async throws {
        try await host.shell("touch \"$(printf 'local/etc/\\377')\" \"$(printf 'local/etc/a\\nb')\"")
        #expect(try await lines() == ["extra     etc/a\nb, a file", "extra     etc/\u{FFFD}, a file"])
    }

    @Test func aTreeThatRollerDidNotMakeIsAllExtra() async throws {
        let drift = try await LiveTree(home: host.home).compare(with: nil, depth: .metadata).drift
        #expect(drift.findings.contains { $0.path == "bin/a" && $0.kind == .extra })
        #expect(drift.findings.allSatisfy { $0.kind == .extra })
    }

    @Test func withNothingAtThePrefixNothingIsFound() async throws {
        try await host.shell("rm -r local")
        #expect(try await lines() == [])
    }
}

/// Files are not read again as long as nobody can have written to them.
@Suite struct DigestMemoryTests {
    private let digest = [UInt8](repeating: 7, count: 32)
    private let later = FileTime(seconds: .max)

    private func status(of text: String, on host: TestHost) throws -> FileStatus {
        try host.write(text, to: "x")
        return try #require(try host.status("x"))
    }

    @Test func aFileThatNobodyWroteToIsKnown() throws {
        let status = try status(of: "x", on: try TestHost())
        let memory = DigestMemory([.init(status, digest: digest)], readFrom: later)
        #expect(memory.digest(status) == digest)
        #expect(DigestMemory(bytes: memory.bytes) == memory, "it survives being written down")
    }

    @Test func aFileWrittenToInTheSecondOfReadingIsReadAgain() throws {
        let status = try status(of: "x", on: try TestHost())
        #expect(DigestMemory([.init(status, digest: digest)], readFrom: status.changed).digest(status) == nil)
    }

    @Test(arguments: ["printf y > x", "touch x", "chmod 600 x", "mv x y; cp -p y x", "ln x y"])
    func whateverWasDoneToAFileItIsReadAgain(_ deed: String) async throws {
        let host = try TestHost()
        let before = try status(of: "x", on: host)
        // Of file systems that count time in ticks, two of which must not be one.
        while try host.status("tick")?.changed ?? before.changed <= before.changed { try host.write("", to: "tick") }
        try await host.shell(deed)
        let after = try #require(try host.status("x"))
        #expect(DigestMemory([.init(before, digest: digest)], readFrom: later).digest(after) == nil)
    }

    @Test func bytesThatAreNotAsTheyWereWrittenAreForgotten() throws {
        let status = try status(of: "x", on: try TestHost())
        let bytes = DigestMemory([.init(status, digest: digest)], readFrom: later).bytes
        for position in bytes.indices {
            var broken = bytes
            broken[position] ^= 1
            #expect(DigestMemory(bytes: broken) == nil)
        }
        #expect(DigestMemory(bytes: Array(bytes.dropLast())) == nil && DigestMemory(bytes: []) == nil)
    }
}
