import Glibc
import LinuxSystem
import SystemPackage
import Tarball
import Testing

/// Extended attributes from a tree into an archive and out again, as far as a policy lets them.
struct TarballAttributeTests {
    static let capabilities: [UInt8] = [1, 0, 0, 2, 0, 0x20] + [UInt8](repeating: 0, count: 14)
    static let note: [UInt8] = [0x68, 0, 0x0A, 0x3D, 0xFF]

    private func policy(_ rule: TarballPolicy.AttributeRule) -> TarballPolicy {
        var policy = TarballPolicy.strict
        policy.attributes = rule
        return policy
    }

    @Test(.enabled(if: geteuid() == 0)) func theTreeComesOutWithTheAttributesThatItHad() throws {
        let scratch = try TemporaryDirectory()
        let tree = try scratch.make("tree/bin")
        try tree.createFile("ping", permissions: 0o755, bytes: [1])
        try tree.setExtendedAttribute(of: "ping", "security.capability", Self.capabilities)
        try tree.setExtendedAttribute(of: "ping", "user.note", Self.note)
        try tree.link("ping", to: "zping", in: tree)
        var options = TarballBuilder.Options(compression: .none)
        options.policy = policy(.declared(capabilities: ["bin/ping"], names: ["user.*"]))
        let built = try TarballBuilder.build(
            from: scratch.open("tree"), to: FilePath(scratch / "out.tar"), options)
        #expect(built.entries.map(\.extendedAttributes.count) == [0, 2, 0])

        let target = try scratch.make("target")
        let allowed = policy(.only(["bin/ping": ["security.capability", "user.note"]]))
        _ = try Unpacker.unpack(FilePath(scratch / "out.tar"), into: target, policy: allowed) { _ in }
        #expect(
            try target.extendedAttributes(of: "bin/zping")
                == ["security.capability": Self.capabilities, "user.note": Self.note])
        // Another reader sees the same.
        try scratch.open().makeDirectories("other")
        try run("/bin/tar", ["--xattrs", "--xattrs-include=*", "-xf", scratch / "out.tar", "-C", scratch / "other"])
        #expect(
            try scratch.open("other").extendedAttributes(of: "bin/ping")
                == target.extendedAttributes(of: "bin/ping"))
    }

    @Test(
        .enabled(if: geteuid() == 0),
        arguments: [
            (TarballPolicy.AttributeRule.none, "security.capability"),
            (.declared(capabilities: ["bin/other"], names: ["user.*"]), "security.capability"),
            (.declared(capabilities: ["bin/ping"], names: ["user.other"]), "user.note"),
            (.only(["bin/ping": ["user.note"]]), "security.capability"),
        ])
    func whatIsNotDeclaredIsNamed(_ rule: TarballPolicy.AttributeRule, _ name: String) throws {
        let scratch = try TemporaryDirectory()
        let tree = try scratch.make("tree/bin")
        try tree.createFile("ping", permissions: 0o755, bytes: [1])
        try tree.setExtendedAttribute(of: "ping", "security.capability", Self.capabilities)
        try tree.setExtendedAttribute(of: "ping", "user.note", Self.note)
        var options = TarballBuilder.Options(compression: .none)
        options.policy = policy(rule)
        #expect(throws: TarballError.extendedAttribute("bin/ping", name: name)) {
            try TarballBuilder.build(from: scratch.open("tree"), to: FilePath(scratch / "out.tar"), options)
        }
    }

    static let disagreements: [(String, [RawEntry], TarballError)] = [
        (
            "under libarchive's key alone", [.file("a").with(pax: [("LIBARCHIVE.xattr.user.note", "aGk")])],
            .badHeader("a", why: "two readers see different values of its attribute user.note")
        ),
        (
            "differing under two keys",
            [.file("a").with(pax: [("LIBARCHIVE.xattr.user.note", "aGk"), ("SCHILY.xattr.user.note", "ho")])],
            .badHeader("a", why: "two readers see different values of its attribute user.note")
        ),
        (
            "of a directory", [RawEntry.directory("d").with(pax: [("SCHILY.xattr.user.note", "hi")])],
            .extendedAttribute("d", name: "user.note")
        ),
        (
            "of a hard link", [.file("a"), RawEntry.hardLink("h", "a").with(pax: [("SCHILY.xattr.user.note", "hi")])],
            .extendedAttribute("h", name: "user.note")
        ),
        (
            "too large",
            [.file("a").with(pax: [("SCHILY.xattr.user.note", String(repeating: "x", count: 17 << 10))])],
            .attributesTooLarge("a", limit: 16 << 10)
        ),
    ]

    @Test(arguments: disagreements)
    func refusesAttributesOnWhichReadersDiffer(_ name: String, _ entries: [RawEntry], _ error: TarballError) {
        #expect(throws: error, "\(name)") {
            try TarballScan.scan(bytes: tar(entries), policy: policy(.any)) { _ in }
        }
    }

    @Test func readsWhatLibarchiveWritesUnderTwoKeys() throws {
        let entry = RawEntry.file("a").with(
            pax: [("LIBARCHIVE.xattr.user.note", "aGk"), ("SCHILY.xattr.user.note", "hi")])
        var seen: [[String: [UInt8]]] = []
        _ = try TarballScan.scan(bytes: tar([entry]), policy: policy(.any)) { seen.append($0.extendedAttributes) }
        #expect(seen == [["user.note": Array("hi".utf8)]])
    }
}
