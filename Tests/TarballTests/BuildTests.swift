import Crypto
import Glibc
import LinuxSystem
import SystemPackage
import Tarball
import Testing

struct BuildTests {
    /// A tree with most of what a package can have.
    static func makeTree(in scratch: TemporaryDirectory, at name: String) throws -> Directory {
        let root = try scratch.make(name)
        for directory in ["bin", "share/doc", "a", "empty"] { try root.makeDirectories(directory) }
        let files: [(String, UInt16, [UInt8])] = [
            ("bin/tool", 0o755, Array("#!/bin/sh\n".utf8)), ("share/doc/caf\u{E9}", 0o644, [1, 2, 3]),
            ("a.b", 0o644, []),
            ("a/b", 0o644, [UInt8](repeating: 9, count: 700_000)), ("a-b", 0o600, [4]),
            ("share/" + String(repeating: "n", count: 200), 0o644, [5]), ("share/e\u{301}", 0o444, [6]),
        ]
        for (path, permissions, bytes) in files { try root.createFile(path, permissions: permissions, bytes: bytes) }
        try root.link("bin/tool", to: "a/tool", in: root)
        try root.link("bin/tool", to: "share/tool", in: root)
        try root.symlink("share/link", to: "../bin/tool")
        return root
    }

    static let compressions: [TarballCompression] = [.none, .gzip(level: 6), .zstd(level: 3, threads: 2)]

    @Test(arguments: compressions)
    func buildUnpackBuildGivesTheSameBytes(_ compression: TarballCompression) throws {
        let scratch = try TemporaryDirectory()
        let tree = try Self.makeTree(in: scratch, at: "tree")
        let options = TarballBuilder.Options(compression: compression)
        let first = try TarballBuilder.build(from: tree, to: FilePath(scratch / "1"), options)
        let copy = try scratch.make("copy")
        var seen: [TarballEntry] = []
        let totals = try Unpacker.unpack(FilePath(scratch / "1"), into: copy) { seen.append($0) }
        #expect(seen == first.entries)
        #expect(totals == first.totals)
        let second = try TarballBuilder.build(from: copy, to: FilePath(scratch / "2"), options)
        #expect(second == first)
        let bytes = try scratch.read("1")
        #expect(try scratch.read("2") == bytes)
        #expect(first.digest == Array(SHA256.hash(data: bytes)))
        #expect(first.totals.archiveBytes == Int64(bytes.count))
    }

    @Test func neitherPlaceNorOwnerNorTimeNorUmaskShowsInTheBytes() throws {
        let scratch = try TemporaryDirectory()
        let options = TarballBuilder.Options(compression: .zstd(level: 3, threads: 1))
        let one = try Self.makeTree(in: scratch, at: "one")
        let two = try Self.makeTree(in: scratch, at: "deep/er/two")
        try run("find", [two.path.string, "-exec", "touch", "-h", "-d", "2001-02-03", "{}", "+"])
        if getuid() == 0 { try run("chown", ["-hR", "1234:4321", two.path.string]) }
        let first = try TarballBuilder.build(from: one, to: FilePath(scratch / "1"), options)
        let mask = umask(0o077)
        defer { umask(mask) }
        let second = try TarballBuilder.build(from: two, to: FilePath(scratch / "2"), options)
        #expect(first == second)
        #expect(try scratch.read("1") == scratch.read("2"))
    }

    @Test func normalisedPermissionsHideTheUmaskOfTheTree() throws {
        let scratch = try TemporaryDirectory()
        var options = TarballBuilder.Options(compression: .none)
        options.permissions = .normalised
        let one = try Self.makeTree(in: scratch, at: "one")
        let two = try Self.makeTree(in: scratch, at: "two")
        try run("chmod", ["-R", "go-rwx", two.path.string])
        let first = try TarballBuilder.build(from: one, to: FilePath(scratch / "1"), options)
        #expect(try TarballBuilder.build(from: two, to: FilePath(scratch / "2"), options) == first)
        #expect(Set(first.entries.filter { $0.size > 0 }.map(\.permissions)) == [0o644, 0o755])
    }

    @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
        let scratch = try TemporaryDirectory()
        let root = try scratch.make("tree")
        var generator = SystemRandomNumberGenerator()
        // Several jobs of zstd, which are at least 512 KiB each.
        let noise = (0..<(1 << 20)).flatMap { _ in
            [UInt8](repeating: .random(in: 0...255, using: &generator), count: 12)
        }
        try root.createFile("noise", permissions: 0o644, bytes: noise)
        let digests = try (0...4).map { threads in
            try TarballBuilder.build(
                from: root, to: FilePath(scratch / "\(threads)"), .init(compression: .zstd(level: 1, threads: threads))
            ).digest
        }
        #expect(Set(digests).count == 1)
    }

    @Test func sortsByTheBytesOfPathsAndLinksToTheFirst() throws {
        let scratch = try TemporaryDirectory()
        let tree = try Self.makeTree(in: scratch, at: "tree")
        let built = try TarballBuilder.build(from: tree, to: FilePath(scratch / "1"), .init(compression: .none))
        #expect(built.entries.prefix(5).map(\.path) == ["a", "a-b", "a.b", "a/b", "a/tool"])
        let kinds = Dictionary(uniqueKeysWithValues: built.entries.map { ($0.path, $0.kind) })
        #expect(kinds["a/tool"] == .file(size: 10))
        #expect(kinds["bin/tool"] == .hardLink(target: "a/tool"))
        #expect(kinds["share/tool"] == .hardLink(target: "a/tool"))
    }

    @Test(arguments: compressions)
    func otherReadersSeeTheSame(_ compression: TarballCompression) throws {
        let scratch = try TemporaryDirectory()
        let tree = try Self.makeTree(in: scratch, at: "tree")
        let built = try TarballBuilder.build(from: tree, to: FilePath(scratch / "a"), .init(compression: compression))
        _ = try scratch.make("gnu")
        // Without it GNU tar restores the time of "a" when it meets "a-b", and then makes "a/b".
        try run("tar", ["--delay-directory-restore", "-xpf", scratch / "a", "-C", scratch / "gnu"])
        let ours = try scratch.make("ours")
        _ = try Unpacker.unpack(FilePath(scratch / "a"), into: ours) { _ in }
        #expect(try scratch.listing("gnu") == scratch.listing("ours"))
        guard case .zstd = compression else {
            let names = try run(
                "python3",
                ["-c", "import sys, tarfile; print(*tarfile.open(sys.argv[1]).getnames(), sep='\\n')", scratch / "a"])
            #expect(names.split(separator: "\n").map(String.init) == built.entries.map(\.path))
            return
        }
    }

    @Test func stripsAPrefixAndNamesWhatIsOutside() throws {
        let scratch = try TemporaryDirectory()
        _ = try Self.makeTree(in: scratch, at: "tree/usr/local")
        _ = try Self.makeTree(in: scratch, at: "plain")
        var options = TarballBuilder.Options(compression: .none)
        let plain = try TarballBuilder.build(from: scratch.open("plain"), to: FilePath(scratch / "1"), options)
        options.stripPrefix = "usr/local"
        let tree = try scratch.open("tree")
        #expect(try TarballBuilder.build(from: tree, to: FilePath(scratch / "2"), options) == plain)

        try tree.createFile("usr/local-not", permissions: 0o644, bytes: [])
        #expect(throws: TarballError.outsidePrefix("usr/local-not", prefix: "usr/local")) {
            try TarballBuilder.build(from: tree, to: FilePath(scratch / "3"), options)
        }
        try tree.remove("usr/local-not")
        options.stripPrefix = "usr/share"
        #expect(throws: TarballError.self) {
            try TarballBuilder.build(from: tree, to: FilePath(scratch / "3"), options)
        }
        #expect(try scratch.open().status(of: "3") == nil)
    }

    @Test func keepsWhatTheFilterKeeps() throws {
        let scratch = try TemporaryDirectory()
        let tree = try Self.makeTree(in: scratch, at: "tree")
        var options = TarballBuilder.Options(compression: .none)
        options.keep = { path, _ in path != "share" && path != "a/tool" && path != "a.b" }
        let built = try TarballBuilder.build(from: tree, to: FilePath(scratch / "1"), options)
        #expect(built.entries.map(\.path) == ["a", "a-b", "a/b", "bin", "bin/tool", "empty"])
        #expect(built.entries[4].kind == .file(size: 10))
    }

    @Test func refusesWhatAReaderWouldRefuseAndLeavesNoFile() throws {
        let cases: [(TarballError, (borrowing Directory) throws -> Void)] = [
            (.setuid("su"), { try $0.createFile("su", permissions: 0o4755, bytes: []) }),
            (.fifoOrSocket("p"), { try run("mkfifo", [$0.path.appending("p").string]) }),
            (
                .extendedAttribute("a", name: "user.note"),
                {
                    try $0.createFile("a", permissions: 0o644, bytes: [])
                    try $0.setExtendedAttribute(of: "a", "user.note", [1])
                }
            ),
            (.absoluteLink("l", target: "/etc"), { try $0.symlink("l", to: "/etc") }),
            (.escapingLink("l", target: "../x"), { try $0.symlink("l", to: "../x") }),
            (.controlCharacterInPath("a\nb"), { try $0.createFile("a\nb", permissions: 0o644, bytes: []) }),
            (
                .pathClash("readme", with: "README"),
                {
                    try $0.createFile("README", permissions: 0o644, bytes: [])
                    try $0.createFile("readme", permissions: 0o644, bytes: [])
                }
            ),
        ]
        for (error, prepare) in cases {
            let scratch = try TemporaryDirectory()
            let root = try scratch.make("tree")
            try prepare(root)
            #expect(throws: error) {
                try TarballBuilder.build(from: root, to: FilePath(scratch / "out"), .init(compression: .none))
            }
            #expect(try scratch.open().status(of: "out") == nil)
        }
    }

    /// The filter runs between looking at a file and reading it, so that it can play the one who changes it.
    @Test(arguments: [["longer than before"], [""]])
    func noticesAFileThatChangesWhileItIsRead(_ texts: [String]) throws {
        let scratch = try TemporaryDirectory()
        let root = try scratch.make("tree")
        _ = try scratch.write(Array("four".utf8), to: "tree/f")
        let path = FilePath(scratch / "tree/f")
        var options = TarballBuilder.Options(compression: .none)
        options.keep = { _, _ in
            for text in texts {
                let file = try? FileDescriptor.open(path, .writeOnly, options: [.truncate])
                _ = try? file?.writeAll(text.utf8)
                try? file?.close()
            }
            return true
        }
        #expect(throws: TarballError.changedWhileRead("f")) {
            try TarballBuilder.build(from: root, to: FilePath(scratch / "out"), options)
        }
        #expect(try scratch.open().status(of: "out") == nil)
    }

    @Test func replacesNoExistingFile() throws {
        let scratch = try TemporaryDirectory()
        let root = try scratch.make("tree")
        _ = try scratch.write([1], to: "out")
        #expect(throws: TarballError.system(doing: "create", on: scratch / "out", .fileExists)) {
            try TarballBuilder.build(from: root, to: FilePath(scratch / "out"), .init(compression: .none))
        }
        #expect(try scratch.read("out") == [1])
    }

    @Test func anEmptyTreeIsAnEmptyArchive() throws {
        let scratch = try TemporaryDirectory()
        let root = try scratch.make("tree")
        let built = try TarballBuilder.build(
            from: root, to: FilePath(scratch / "out"), .init(compression: .zstd(level: 3, threads: 1)))
        #expect(built.entries.isEmpty)
        #expect(try TarballScan.scan(FilePath(scratch / "out")) { _ in }.entries == 0)
    }
}
