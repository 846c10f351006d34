import SystemPackage
import Tarball
import Testing

/// Archives that must be refused, each with the error that says why.
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let error: TarballError

        init(_ description: String, _ entries: [RawEntry], _ error: TarballError) {
            testDescription = description
            bytes = tar(entries)
            self.error = error
        }
    }

    static let paths: [Case] = [
        Case("absolute path", [.file("/etc/passwd")], .absolutePath("/etc/passwd")),
        Case("dot-dot first", [.file("../x")], .escapingPath("../x")),
        Case("dot-dot inside", [.file("a/../../x")], .escapingPath("a/../../x")),
        Case("dot-dot last", [.directory("a/..")], .escapingPath("a/..")),
        Case("dot-dot after ./", [.file("./../x")], .escapingPath("./../x")),
        Case("dot-dot in pax", [.file("x").with(pax: [("path", "../x")])], .escapingPath("../x")),
        Case("absolute in pax", [.file("x").with(pax: [("path", "/x")])], .absolutePath("/x")),
        Case("absolute after ./", [.file(".//x")], .unclearPath(".//x")),
        Case("dot inside", [.file("a/./b")], .unclearPath("a/./b")),
        Case("empty component", [.file("a//b")], .unclearPath("a//b")),
        Case("the root as a file", [.file(".")], .unclearPath(".")),
        Case("the root as a link", [.symlink(".", "a")], .unclearPath(".")),
        Case("no path", [.file("")], .emptyPath),
        Case("not UTF-8", [RawEntry(bytes: [0x61, 0xFF])], .nonUTF8Path([0x61, 0xFF])),
        Case("surrogate", [RawEntry(bytes: [0xED, 0xA0, 0x80])], .nonUTF8Path([0xED, 0xA0, 0x80])),
        Case("line break", [.file("a\nb")], .controlCharacterInPath("a\nb")),
        Case("escape", [.file("a\u{1B}[2J")], .controlCharacterInPath("a\u{1B}[2J")),
        Case("text that runs backwards", [.file("a\u{202E}b")], .controlCharacterInPath("a\u{202E}b")),
        Case("twice", [.file("a"), .file("a")], .duplicatePath("a")),
        Case("directory twice", [.directory("a"), .directory("a/")], .duplicatePath("a")),
        Case("file, then directory", [.file("a"), .directory("a")], .duplicatePath("a")),
        Case("case twins", [.file("README"), .file("readme")], .pathClash("readme", with: "README")),
        Case("case twins above", [.file("A/x"), .file("a/y")], .pathClash("a/y", with: "A")),
        Case(
            "normal form twins", [.file("caf\u{E9}"), .file("cafe\u{301}")],
            .pathClash("cafe\u{301}", with: "caf\u{E9}")),
        Case("below a file", [.file("a"), .file("a/b")], .fileBelowNonDirectory("a/b", parent: "a")),
        Case(
            "through a link", [.directory("d"), .symlink("l", "d"), .file("l/x")],
            .fileBelowNonDirectory("l/x", parent: "l")),
        Case(
            "through a link, deeper", [.directory("d"), .symlink("l", "d"), .file("l/y/x")],
            .fileBelowNonDirectory("l/y/x", parent: "l")),
        Case(
            "component too long", [.file("x").with(pax: [("path", String(repeating: "n", count: 256))])],
            .pathTooLong(String(repeating: "n", count: 256), limit: 255)),
    ]

    static let entries: [Case] = [
        Case("character device", [.make("null", "3")], .device("null")),
        Case("block device", [.make("sda", "4")], .device("sda")),
        Case("pipe", [.make("p", "6")], .fifoOrSocket("p")),
        Case("contiguous file", [.make("c", "7")], .unsupportedType("c", type: "tar type '7'")),
        Case("GNU sparse file", [.make("s", "S")], .unsupportedType("s", type: "tar type 'S'")),
        Case("volume label", [.make("v", "V")], .unsupportedType("v", type: "tar type 'V'")),
        Case("setuid", [.make("su", "0") { $0.mode = "0004755" }], .setuid("su")),
        Case("setgid", [.make("sg", "0") { $0.mode = "0002755" }], .setuid("sg")),
        Case("setgid directory", [.make("sg", "5") { $0.mode = "0002755" }], .setuid("sg")),
        Case("owner", [.make("a", "0") { $0.uid = 1000 }], .ownerNotAllowed("a", uid: 1000, gid: 0)),
        Case("group", [.make("a", "0") { $0.gid = 50 }], .ownerNotAllowed("a", uid: 0, gid: 50)),
        Case(
            "owner in pax", [.file("a").with(pax: [("uid", "1000")])], .ownerNotAllowed("a", uid: 1000, gid: 0)),
        Case(
            "capability", [.file("a").with(pax: [("SCHILY.xattr.security.capability", "x")])],
            .extendedAttribute("a", name: "security.capability")),
        Case("absolute link", [.symlink("l", "/etc")], .absoluteLink("l", target: "/etc")),
        Case("link outside", [.symlink("l", "../etc")], .escapingLink("l", target: "../etc")),
        Case("link outside, deep", [.symlink("a/b/l", "../../../etc")], .escapingLink("a/b/l", target: "../../../etc")),
        Case("link to above the root", [.symlink("l", "..")], .escapingLink("l", target: "..")),
        Case(
            "links that leave together", [.symlink("a/d", "../e"), .symlink("l", "a/d/../../x")],
            .escapingLink("l", target: "a/d/../../x")),
        Case(
            "dot-dot after a name, deep inside", [.symlink("b/c/l", "d/../x")],
            .escapingLink("b/c/l", target: "d/../x")),
        Case("link to nothing", [.symlink("l", "")], .badHeader("l", why: "it is a link to nothing")),
        Case("link with a line break", [.symlink("l", "a\nb")], .controlCharacterInPath("a\nb")),
        Case("hard link outside", [.hardLink("h", "/etc/passwd")], .hardLinkOutside("h", target: "/etc/passwd")),
        Case("hard link above", [.hardLink("h", "../x")], .hardLinkOutside("h", target: "../x")),
        Case("hard link to nothing", [.hardLink("h", "x")], .hardLinkToMissing("h", target: "x")),
        Case("hard link to itself", [.hardLink("h", "h")], .hardLinkToMissing("h", target: "h")),
        Case("hard link to later", [.hardLink("h", "x"), .file("x")], .hardLinkToMissing("h", target: "x")),
        Case(
            "hard link to a link", [.directory("d"), .symlink("l", "d"), .hardLink("h", "l")],
            .hardLinkToMissing("h", target: "l")),
        Case(
            "hard link through a link", [.file("d/x"), .symlink("l", "d"), .hardLink("h", "l/x")],
            .hardLinkToMissing("h", target: "l/x")),
        Case("hard link to a directory", [.directory("d"), .hardLink("h", "d")], .hardLinkToMissing("h", target: "d")),
    ]

    @Test(arguments: paths + entries)
    func refusesWhatThePolicyForbids(_ example: Case) {
        #expect(throws: example.error) { try TarballScan.scan(bytes: example.bytes) { _ in } }
    }

    /// Everything that a scan refuses must fail as well while unpacking, and write nowhere but in its directory.
    @Test(arguments: paths + entries + HeaderTests.all)
    func unpackingStaysInside(_ example: Case) throws {
        let scratch = try TemporaryDirectory()
        _ = try scratch.make("outside")
        _ = try scratch.write(Array("sentinel".utf8), to: "outside/etc")
        let before = try scratch.listing()
        let jail = try scratch.make("jail/inner/root")
        let archive = try scratch.write(example.bytes, to: "archive")
        #expect(throws: example.error) { try Unpacker.unpack(archive, into: jail) { _ in } }
        try run("/bin/rm", ["-rf", scratch / "jail/inner/root/", archive.string])
        #expect(try scratch.listing("jail").split(separator: "\n").count == 1, "something left the root")
        try run("/bin/rm", ["-rf", scratch / "jail"])
        #expect(try scratch.listing() == before)
    }

    @Test func allowsWhatThePolicyAllows() throws {
        var policy = TarballPolicy.strict
        policy.setuid = .only(["su"])
        policy.owners = .only([.root, .init(uid: 7, gid: 8)])
        policy.allowsAbsoluteLinks = true
        let entries: [RawEntry] = [
            .make("su", "0") { $0.mode = "0004755" }, .symlink("l", "/etc"),
            .make("o", "0") { ($0.uid, $0.gid) = (7, 8) },
        ]
        #expect(try TarballScan.scan(bytes: tar(entries), policy: policy) { _ in }.entries == 3)
        let other: [RawEntry] = [.make("other", "0") { $0.mode = "0004755" }]
        #expect(throws: TarballError.setuid("other")) {
            try TarballScan.scan(bytes: tar(other), policy: policy) { _ in }
        }
    }

    @Test(arguments: ["a", "../a/x", "../d", "a/b/c", "./a", "b/"])
    func acceptsLinksThatStayInside(_ target: String) throws {
        var seen: [TarballEntry.Kind] = []
        _ = try TarballScan.scan(bytes: tar([.symlink("d/l", target)])) { seen.append($0.kind) }
        #expect(seen == [.symlink(target: target)])
    }

    @Test func errorsEscapeWhatWouldSteerATerminal() {
        #expect(TarballError.controlCharacterInPath("a\u{1B}[2J").message.contains("'a\\u{1b}[2J'"))
        #expect(TarballError.absolutePath("/\u{202E}x").message == "the path '/\\u{202e}x' is absolute")
    }
}
