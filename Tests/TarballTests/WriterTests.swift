import Crypto
import LinuxSystem
import SystemPackage
import Tarball
import Testing

struct WriterTests {
    @Test func readsBackWhatItWrote() throws {
        var writer = try TarballWriter.inMemory(compression: .zstd(level: 3, threads: 1))
        var written: [TarballEntry] = []
        let directory = TarballEntry(path: "d", kind: .directory, permissions: 0o755, modified: 5)
        try writer.add(directory)
        written.append(directory)
        written.append(
            try writer.add(
                TarballEntry(path: "d/f", kind: .file(size: 3), permissions: 0o640, modified: 5_000_000_000),
                contents: [1, 2, 3]))
        let link = TarballEntry(path: "l", kind: .symlink(target: "d/caf\u{E9}"), permissions: 0o777)
        try writer.add(link)
        written.append(link)
        let summary = try writer.finish()
        #expect(summary.digest == Array(SHA256.hash(data: summary.bytes)))
        #expect(summary.totals.archiveBytes == Int64(summary.bytes.count))
        var seen: [TarballEntry] = []
        _ = try TarballScan.scan(bytes: summary.bytes) { seen.append($0) }
        #expect(seen == written)
    }

    @Test func refusesContentsOfAnotherLength() throws {
        let scratch = try TemporaryDirectory()
        _ = try scratch.write([1, 2, 3], to: "f")
        for size: Int64 in [0, 2, 4] {
            var writer = try TarballWriter.inMemory(compression: .none)
            let entry = TarballEntry(path: "f", kind: .file(size: size), permissions: 0o644)
            #expect(throws: TarballError.wrongSize("f", expected: size, actual: 3)) {
                try writer.add(entry, contents: [1, 2, 3])
            }
        }
        for size: Int64 in [2, 4] {
            let file = try scratch.open().openFile("f", for: .reading)
            var writer = try TarballWriter.inMemory(compression: .none)
            let entry = TarballEntry(path: "f", kind: .file(size: size), permissions: 0o644)
            #expect(throws: TarballError.wrongSize("f", expected: size, actual: 3)) {
                try writer.add(entry, contentsOf: file)
            }
        }
    }

    @Test(arguments: [
        (TarballEntry(path: "../x", kind: .directory, permissions: 0o755), TarballError.escapingPath("../x")),
        (TarballEntry(path: "./x", kind: .directory, permissions: 0o755), .unclearPath("./x")),
        (TarballEntry(path: "x/", kind: .directory, permissions: 0o755), .unclearPath("x/")),
        (TarballEntry(path: "", kind: .directory, permissions: 0o755), .emptyPath),
        (TarballEntry(path: ".", kind: .directory, permissions: 0o755), .unclearPath(".")),
        (
            TarballEntry(path: "x", kind: .hardLink(target: "y"), permissions: 0o644),
            .hardLinkToMissing("x", target: "y")
        ),
        (TarballEntry(path: "x", kind: .directory, permissions: 0o2755), .setuid("x")),
        (TarballEntry(path: "x", kind: .directory, permissions: 0o755, uid: 1), .ownerNotAllowed("x", uid: 1, gid: 0)),
    ])
    func writesNothingThatAReaderWouldRefuse(_ entry: TarballEntry, _ error: TarballError) throws {
        var writer = try TarballWriter.inMemory(compression: .none)
        #expect(throws: error) { try writer.add(entry) }
    }

    @Test func aPlainArchiveHasNoMoreThanItsEnd() throws {
        var writer = try TarballWriter.inMemory(compression: .none)
        let noise = [UInt8](repeating: 1, count: 1 << 20)
        try writer.add(TarballEntry(path: "f", kind: .file(size: 1 << 20), permissions: 0o644), contents: noise)
        #expect(try writer.finish().bytes.count == (1 << 20) + 512 + 1024)
    }
}
