import Crypto
import Glibc
import LinuxSystem
import SystemPackage
import Tarball
import Testing

struct UnpackTests {
    static let entries: [RawEntry] = [
        .directory("./"), .directory("bin"),
        .make("bin/tool", "0") {
            $0.body = Array("#!/bin/sh\n".utf8)
            $0.mode = "0000755"
        },
        .symlink("bin/alias", "tool"), .make("secret", "0") { $0.mode = "0000600" },
        .hardLink("share/twin", "bin/tool"),
        .make("closed", "5") { $0.mode = "0000500" }, .file("closed/inner"), .file("implied/by/path"),
        .make("late", "5") { $0.mode = "0000711" }, .symlink("share/up", "../bin"), .file("cafe\u{301}/\u{301}x"),
    ]

    @Test func makesExactlyWhatTheEntriesSay() throws {
        let scratch = try TemporaryDirectory()
        let archive = try scratch.write(tar(Self.entries), to: "a.tar")
        let root = try scratch.make("root")
        let mask = umask(0o077)
        defer { umask(mask) }
        var seen: [TarballEntry] = []
        let totals = try Unpacker.unpack(archive, into: root) { seen.append($0) }
        #expect(totals.entries == 11)
        #expect(totals.unpackedBytes == 10 + 6 + 6 + 6)
        #expect(seen.count == 11)
        #expect(seen[1].digest == Array(SHA256.hash(data: Array("#!/bin/sh\n".utf8))))

        let status = try #require(try root.status(of: "bin/tool"))
        #expect((status.permissions, status.uid, status.gid) == (0o755, getuid(), getgid()))
        #expect((status.links, status.modified) == (2, FileTime(seconds: 1_700_000_000)))
        #expect(try root.status(of: "secret")?.permissions == 0o600)
        #expect(try root.status(of: "closed")?.permissions == 0o500)
        #expect(try root.status(of: "closed")?.modified == FileTime(seconds: 1_700_000_000))
        #expect(try root.status(of: "implied/by")?.permissions == 0o755)
        #expect(try root.status(of: "implied/by")?.modified == FileTime(seconds: 0))
        #expect(try root.status(of: "late")?.permissions == 0o711)
        #expect(try root.readLink("share/up") == "../bin")
        #expect(try root.status(of: "share/up")?.modified == FileTime(seconds: 1_700_000_000))
        #expect(try root.status(of: "share/twin")?.inode == status.inode)
        #expect(try root.readFile("cafe\u{301}/\u{301}x", limit: 10) == Array("hello\n".utf8))
    }

    @Test func agreesWithGNUTar() throws {
        let scratch = try TemporaryDirectory()
        _ = try scratch.make("tree/sub/deep")
        _ = try scratch.make("tree/empty")
        for index in 0..<50 { _ = try scratch.write(Array("\(index)".utf8), to: "tree/sub/file \(index)") }
        _ = try scratch.write(
            [UInt8](repeating: 7, count: 300_000), to: "tree/sub/deep/" + String(repeating: "n", count: 180))
        try run("/bin/ln", [scratch / "tree/sub/file 1", scratch / "tree/zlink"])
        try run("/bin/ln", ["-s", "sub/file 2", scratch / "tree/soft"])
        for format in ["gnu", "pax", "ustar"] {
            for (option, suffix) in [("--zstd", "zst"), ("--gzip", "gz"), ("--format=\(format)", "tar")] {
                let archive = scratch / "\(format).\(suffix)"
                if format == "ustar" { try run("rm", ["-rf", scratch / "tree/sub/deep"]) }
                try run("tar", ["--format=\(format)", option, "-cf", archive, "-C", scratch / "tree", "."])
                let ours = try scratch.make("ours-\(format)-\(suffix)")
                let theirs = try scratch.make("theirs-\(format)-\(suffix)")
                try run("tar", ["-xf", archive, "-C", theirs.path.string])
                var policy = TarballPolicy.strict
                policy.owners = .any
                _ = try Unpacker.unpack(FilePath(archive), into: ours, policy: policy) { _ in }
                #expect(
                    try scratch.listing("ours-\(format)-\(suffix)") == scratch.listing("theirs-\(format)-\(suffix)"))
            }
        }
    }

    @Test func readsWhatPythonWrites() throws {
        let scratch = try TemporaryDirectory()
        let script = """
            import io, sys, tarfile
            for format in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT):
                with tarfile.open(f'{sys.argv[1]}/{format}.tar.gz', 'w:gz', format=format) as archive:
                    for name in ('d/' + 'n' * 90, 'e' * 60 + '/' + 'f' * 60, 'caf\\u00e9'):
                        info = tarfile.TarInfo(name)
                        info.size, info.mtime = 3, 1234567890
                        archive.addfile(info, io.BytesIO(b'abc'))
            """
        try run("python3", ["-c", script, scratch.path])
        for format in 0...2 {
            var paths: [String] = []
            _ = try TarballScan.scan(FilePath(scratch / "\(format).tar.gz")) { paths.append($0.path) }
            #expect(
                paths == [
                    "d/" + String(repeating: "n", count: 90),
                    String(repeating: "e", count: 60) + "/" + String(repeating: "f", count: 60), "caf\u{E9}",
                ])
        }
    }

    @Test func followsNoLinkThatStandsInTheDirectory() throws {
        let scratch = try TemporaryDirectory()
        _ = try scratch.make("outside")
        let root = try scratch.make("root")
        try root.symlink("bin", to: "../outside")
        try root.symlink("secret", to: "../outside/secret")
        for entries: [RawEntry] in [
            [.file("bin/x")], [.file("secret")], [.directory("bin")], [.file("a"), .hardLink("bin/x", "a")],
        ] {
            let archive = try scratch.write(tar(entries), to: "a.tar")
            #expect(throws: TarballError.self) { try Unpacker.unpack(archive, into: root) { _ in } }
            try scratch.open().remove("a.tar")
        }
        #expect(try scratch.listing("outside") == "")
    }

    @Test func overwritesNothing() throws {
        let scratch = try TemporaryDirectory()
        let root = try scratch.make("root")
        try root.createFile("secret", permissions: 0o600, bytes: [1])
        let archive = try scratch.write(tar([.file("secret")]), to: "a.tar")
        let error = try #require(throws: TarballError.self) { try Unpacker.unpack(archive, into: root) { _ in } }
        guard case .file(let cause) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(cause.errno == .fileExists)
        #expect(try root.readFile("secret", limit: 10) == [1])
    }

    @Test func endsAtTheFirstEntryThatIsNotExpected() throws {
        struct NotExpected: Error {}
        let scratch = try TemporaryDirectory()
        let archive = try scratch.write(tar([.file("a"), .file("b"), .file("c")]), to: "a.tar")
        let root = try scratch.make("root")
        #expect(throws: NotExpected.self) {
            try Unpacker.unpack(archive, into: root) { if $0.path == "b" { throw NotExpected() } }
        }
        #expect(try root.entries().map(\.name) == ["a", "b"])
    }

    @Test func readsFromAnOpenDescriptorAndLeavesItOpen() throws {
        let scratch = try TemporaryDirectory()
        let archive = try scratch.write(DamageTests.sound, to: "a.tar")
        let descriptor = try FileDescriptor.open(archive, .readOnly)
        try scratch.open().remove("a.tar")
        let root = try scratch.make("root")
        let totals = try Unpacker.unpack(.open(descriptor: descriptor, name: archive), into: root) { _ in }
        #expect(totals.entries == 6)
        try descriptor.close()
    }

    @Test func saysWhichArchiveCannotBeOpened() {
        #expect(throws: TarballError.system(doing: "open", on: "/nonexistent/a.tar", .noSuchFileOrDirectory)) {
            try TarballScan.scan("/nonexistent/a.tar") { _ in }
        }
        #expect(throws: TarballError.system(doing: "read", on: "/tmp", .isDirectory)) {
            try TarballScan.scan("/tmp") { _ in }
        }
    }
}
