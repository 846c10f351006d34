import Tarball
import Testing

/// Headers that contradict themselves, or that two readers would take differently.
struct HeaderTests {
    typealias Case = RefusalTests.Case

    static func bad(_ description: String, _ path: String, _ why: String, _ entries: [RawEntry]) -> Case {
        Case(description, entries, .badHeader(path, why: why))
    }

    static let all: [Case] = [
        // The pattern of CVE-2025-62518: one reader sees a file of 1024 bytes, the other two more headers.
        bad(
            "two sizes", "a", "its headers give two sizes, 0 and 1024",
            [
                .make("a", "0") {
                    $0.body = RawEntry.file("hidden").bytes
                    $0.size = "00000000000"
                    $0.pax = [("size", "1024")]
                }
            ]),
        bad(
            "negative size in pax", "PaxHeader/x", "the pax record for size is no number, or negative",
            [.file("a").with(pax: [("size", "-1")])]),
        bad(
            "negative size", "a", "its size is no number, or negative",
            [.make("a", "0") { $0.size = "-0000000001" }]),
        bad("wrong checksum", "a", "its checksum is wrong", [.make("a", "0") { $0.badChecksum = true }]),
        bad("old tar", "a", "it is neither ustar nor GNU tar", [.make("a", "0") { $0.magic = "" }]),
        bad(
            "mode with letters", "a", "its mode, owner or time is no number, or negative",
            [.make("a", "0") { $0.mode = "rwxr-xr" }]),
        bad("file that ends in /", "a/", "its name ends like a directory's and it is none", [.file("a/")]),
        bad(
            "link with contents", "l", "it is no file and has 6 bytes of contents",
            [
                .make("l", "2") {
                    $0.link = "a"
                    $0.body = Array("hidden".utf8)
                }
            ]),
        bad(
            "hard link with contents", "h", "it is no file and has 6 bytes of contents",
            [
                .file("a"),
                .make("h", "1") {
                    $0.link = "a"
                    $0.body = Array("hidden".utf8)
                },
            ]),
        bad(
            "directory with contents", "d", "it is no file and has 6 bytes of contents",
            [
                .make("d", "5") { $0.body = Array("hidden".utf8) }
            ]),
        bad(
            "unknown pax key", "PaxHeader/x", "the pax record SURPRISE is not supported",
            [.file("a").with(pax: [("SURPRISE", "1")])]),
        bad(
            "sparse in pax", "PaxHeader/x", "the pax record GNU.sparse.major is not supported",
            [
                .file("a").with(pax: [("GNU.sparse.major", "1")])
            ]),
        bad(
            "names in another character set", "PaxHeader/x", "the pax record hdrcharset is not supported",
            [
                .file("a").with(pax: [("hdrcharset", "BINARY")])
            ]),
        bad(
            "key twice", "PaxHeader/x", "two pax records for path",
            [.file("a").with(pax: [("path", "b"), ("path", "c")])]),
        bad(
            "NUL in pax", "PaxHeader/x", "the pax record for path is empty or holds a NUL",
            [
                .file("a").with(pax: [("path", "a\u{0}b")])
            ]),
        bad(
            "empty path in pax", "PaxHeader/x", "the pax record for path is empty or holds a NUL",
            [.file("a").with(pax: [("path", "")])]),
        bad(
            "two pax headers", "p", "an entry has several extension headers",
            [pax("p", [("path", "b")]), pax("p", [("path", "c")]), .file("a")]),
        bad(
            "pax and GNU long name", "p", "an entry has several extension headers",
            [long("L", "b"), pax("p", [("path", "c")]), .file("a")]),
        bad(
            "GNU long name after pax", "././@LongLink", "its long name is empty, holds a NUL, or is not the only one",
            [
                pax("p", [("path", "c")]), long("L", "b"), .file("a"),
            ]),
        bad(
            "two GNU long names", "././@LongLink", "its long name is empty, holds a NUL, or is not the only one",
            [
                long("L", "b"), long("L", "c"), .file("a"),
            ]),
        bad(
            "GNU long name with a second one behind", "././@LongLink",
            "its long name is empty, holds a NUL, or is not the only one",
            [
                long("L", "b\u{0}c"), .file("a"),
            ]),
        bad(
            "global pax header that says more than a comment", "g", "a global pax record for path",
            [
                .make("g", "g") { $0.body = RawEntry.record("path", "b") }, .file("a"),
            ]),
        bad(
            "pax record without length", "p", "a pax record has no length",
            [.make("p", "x") { $0.body = Array("path=b\n".utf8) }, .file("a")]),
        bad(
            "pax record too long", "p", "a pax record has a wrong length",
            [.make("p", "x") { $0.body = Array("99 path=b\n".utf8) }, .file("a")]),
        bad(
            "pax record too short", "p", "a pax record has a wrong length",
            [.make("p", "x") { $0.body = Array("5 path=b\n".utf8) }, .file("a")]),
        bad(
            "huge pax header", "p", "its extension of 8589934591 bytes is empty or too large",
            [.make("p", "x") { $0.size = "77777777777" }]),
        bad(
            "time before 1970", "a", "its time is before 1970 or absurdly late",
            [.file("a").with(pax: [("mtime", "-5")])]),
        bad("file over a directory that paths imply", "a", "earlier paths lie below it", [.file("a/b"), .file("a")]),
        Case("pax header for nothing", [.file("a"), pax("p", [("path", "b")])], .truncated),
        Case("lone zero block", [.file("a"), zeros, .file("b")], .trailingData),
    ]

    /// Not an entry: 512 zero bytes.
    static let zeros: RawEntry = {
        var entry = RawEntry("")
        entry.isZeroBlock = true
        return entry
    }()

    static func pax(_ name: String, _ records: [(String, String)]) -> RawEntry {
        .make(name, "x") { $0.body = records.flatMap { RawEntry.record($0.0, $0.1) } }
    }

    static func long(_ type: Character, _ value: String) -> RawEntry {
        .make("././@LongLink", type) {
            $0.body = Array("\(value)\u{0}".utf8)
            $0.magic = "ustar  \u{0}"
        }
    }

    @Test(arguments: all)
    func refusesHeadersThatContradictThemselves(_ example: Case) {
        #expect(throws: example.error) { try TarballScan.scan(bytes: example.bytes) { _ in } }
    }

    @Test func acceptsWhatIsUnusualAndClear() throws {
        let entries: [RawEntry] = [
            .make("g", "g") { $0.body = RawEntry.record("comment", "0123abcd") },  // what git archive writes
            .directory("./"),
            Self.long("L", "dir/" + String(repeating: "n", count: 200)), .file("cut"),
            .file("x").with(pax: [("path", "caf\u{E9}"), ("mtime", "12.5"), ("atime", "1"), ("size", "6")]),
            .make("old", "\u{0}"),
        ]
        var seen: [TarballEntry] = []
        _ = try TarballScan.scan(bytes: tar(entries)) { seen.append($0) }
        #expect(seen.map(\.path) == ["dir/" + String(repeating: "n", count: 200), "caf\u{E9}", "old"])
        #expect(seen[1].modified == 12)
    }

    /// libarchive composes characters where the thread's locale is UTF-8, and complains where it is not.
    @Test(arguments: ["caf\u{E9}", "cafe\u{301}", "\u{1F600}", "a/\u{301}b", "日本語"])
    func keepsNamesByteForByte(_ name: String) throws {
        var seen: [String] = []
        for entry in [RawEntry.file(name), .file("x").with(pax: [("path", name)])] {
            _ = try TarballScan.scan(bytes: tar([entry])) { seen.append($0.path) }
        }
        #expect(seen.map { Array($0.utf8) } == [Array(name.utf8), Array(name.utf8)])
    }
}
