import LinuxSystem
import RollerCore
import SystemPackage
import Tarball
import Testing

@testable import RollerCtl

/// `rollerctl package build`, `inspect` and `verify`.
struct PackageTests {
    private static let platform = "debian-12-x86_64"
    private static let archive = "jq-1.7-1-debian-12-x86_64.tar.zst"
    private static let manifest = "jq-1.7-1-debian-12-x86_64.manifest"

    @Test func twoCopiesOfATreeGiveTheSameBytes() async throws {
        let directory = try TemporaryDirectory()
        for place in ["a/tree", "elsewhere/b"] {
            try tree(directory, place)
            try directory.write(["out-\(place.last ?? "x")": nil])
            let run = await build(directory, place, "--output", "out-\(place.last ?? "x")")
            #expect(run.status == .fine, "\(run.errors)")
        }
        #expect(try directory.bytes("out-e/\(Self.archive)") == directory.bytes("out-b/\(Self.archive)"))
        #expect(try directory.text("out-e/\(Self.manifest)") == directory.text("out-b/\(Self.manifest)"))
    }

    @Test func theManifestSaysWhatIsInTheArchiveAndNothingOfThisMachine() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        let run = await build(directory, "tree", "--origin", "commit=4f2a91")
        let manifest = try PackageManifest.read(directory.bytes(Self.manifest))
        #expect(manifest.entries.map(\.path.rawValue) == ["bin", "bin/jq", "bin/jqq", "share", "share/doc.txt"])
        #expect(manifest.origin["built-by"] == "rollerctl \(RollerCtl.version)")
        #expect(manifest.origin["commit"] == "4f2a91")
        #expect(manifest.origin["argv"] == "package build --level 3 --modes exact")
        #expect(manifest.archive == Digest(of: try directory.bytes(Self.archive)))
        #expect(run.output.contains("archive: \(manifest.archive)\n"))
        #expect(try directory.names() == [Self.manifest, Self.archive, "tree"].sorted())
    }

    @Test func aPrefixIsTakenOff() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "root/usr/local")
        #expect(await build(directory, "root", "--strip-prefix", "/usr/local/").status == .fine)
        let manifest = try PackageManifest.read(directory.bytes(Self.manifest))
        #expect(manifest.entries.first?.path.rawValue == "bin")
    }

    /// A tree with one thing in it that no package may have, and what the message must name.
    struct Refused: Sendable, CustomTestStringConvertible {
        let name: String
        let named: String
        let make: @Sendable (borrowing Directory) throws -> Void
        var testDescription: String { name }
    }

    static let refused = [
        Refused(name: "below .roller", named: "'.roller'") { try $0.makeDirectory(".roller") },
        Refused(name: "an absolute link", named: "'etc-link'") { try $0.symlink("etc-link", to: "/etc/passwd") },
        Refused(name: "an escaping link", named: "'up'") { try $0.symlink("up", to: "../../x") },
        Refused(name: "setuid", named: "'su'") { try $0.createFile("su", permissions: 0o4755, bytes: [1]) },
        Refused(name: "two paths that differ by case", named: "'BIN'") { try $0.makeDirectory("BIN") },
        Refused(name: "a line break in a name", named: "a\\u{a}b") {
            try $0.createFile("a\nb", permissions: 0o644, bytes: [])
        },
    ]

    @Test(arguments: refused)
    func whatNoPackageMayHaveIsNamedAndLeavesNothing(_ refused: Refused) async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        try refused.make(Directory.open(directory.path.appending("tree")))
        let run = await build(directory, "tree")
        #expect(run.status == .failed)
        #expect(run.errors.contains(refused.named), "\(run.errors)")
        #expect(try directory.names() == ["tree"])
    }

    @Test func setuidMayBeAllowedByPath() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        try Directory.open(directory.path.appending("tree")).createFile("bin/su", permissions: 0o4755, bytes: [1])
        let run = await build(directory, "tree", "--allow-setuid", "bin/su", "bin/other")
        #expect(run.status == .fine)
        #expect(run.output.contains("setuid:\n- bin/su\n"))
        #expect(run.errors.contains("warning: --allow-setuid 'bin/other' names nothing in the package"))
    }

    @Test func pathsThatOthersMayWriteAreTold() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        try Directory.open(directory.path.appending("tree")).createFile("open", permissions: 0o666, bytes: [1])
        #expect(await build(directory, "tree").errors.contains("1 path can be written by group or others, 'open'"))
        let run = await build(directory, "tree", "--modes", "normal")
        #expect(!run.errors.contains("can be written"))
        #expect(run.errors.contains("was there with other bytes"))
    }

    @Test func anEmptyTreeIsAMistake() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(["tree": nil])
        let run = await build(directory, "tree")
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("error: there is nothing to pack\n"))
    }

    @Test func theOutputIsNotPutIntoTheTree() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        let run = await build(directory, "tree", "--output", "tree/bin")
        #expect(run.status == .failed)
        #expect(try directory.names(in: "tree/bin") == ["jq", "jqq"])
    }

    @Test(arguments: [
        ["--level", "0"], ["--name", "JQ"], ["--version", "1 2"], ["--platform", "Debian"], ["--origin", "x"],
    ])
    func badArgumentsAreUsageErrors(_ arguments: [String]) async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        let run = await rollerctl(
            ["package", "build", "tree", "--name", "jq", "--version", "1", "--platform", "any"] + arguments,
            in: directory.path)
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("error: "))
        #expect(try directory.names() == ["tree"])
    }

    @Test func verifyFindsNothingInWhatBuildMade() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        _ = await build(directory, "tree")
        let run = await rollerctl(["package", "verify", Self.archive], in: directory.path)
        #expect(run.status == .fine)
        #expect(run.output.isEmpty)
        #expect(run.errors == "jq 1.7-1 for debian-12-x86_64: 5 entries as the manifest says (2 files, 9 B unpacked)\n")
    }

    @Test func verifyNamesEveryDifference() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        try directory.write(["old": nil])
        _ = await build(directory, "tree", "--output", "old")
        try directory.change(["tree/share/doc.txt": "other\n", "tree/new": "n"])
        try Directory.open(directory.path.appending("tree")).remove("bin/jqq")
        _ = await build(directory, "tree")
        let run = await rollerctl(["package", "verify", Self.archive, "old/\(Self.manifest)"], in: directory.path)
        #expect(run.status == .found)
        let words = run.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        #expect(words.contains("missing: l"))
        #expect(words.contains("extra: f"))
        #expect(words.contains("differs: f"))
        #expect(run.output.contains("archive: sha256:"))
    }

    /// Flips a byte at each of many places: none passes for the archive that the manifest speaks of.
    @Test func verifyMissesNoFlippedByte() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        _ = await build(directory, "tree")
        let good = try directory.bytes(Self.archive)
        let root = try Directory.open(directory.path)
        for place in stride(from: 0, to: good.count, by: 7) {
            var bad = good
            bad[place] ^= 0x20
            try root.replaceFile(Self.archive, permissions: 0o644, bytes: bad, durable: false)
            let run = await rollerctl(["package", "verify", Self.archive], in: directory.path)
            #expect(run.status == .found, "the byte at \(place)")
        }
    }

    @Test func verifyOfACutArchiveIsAFinding() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        _ = await build(directory, "tree")
        let bytes = try directory.bytes(Self.archive).dropLast(20)
        try Directory.open(directory.path).replaceFile(
            Self.archive, permissions: 0o644, bytes: Array(bytes), durable: false)
        let run = await rollerctl(["package", "verify", Self.archive], in: directory.path)
        #expect(run.status == .found)
    }

    @Test func verifyAsksForTheManifestWhereItCannotGuess() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(["x.zip": "PK"])
        let run = await rollerctl(["package", "verify", "x.zip"], in: directory.path)
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("x.zip' does not end in .tar.zst: name its manifest too\n"))
    }

    @Test func inspectShowsArchiveAndManifestAlike() async throws {
        let directory = try TemporaryDirectory()
        try tree(directory, "tree")
        _ = await build(directory, "tree")
        let archive = await rollerctl(["package", "inspect", "--paths", Self.archive], in: directory.path)
        let manifest = await rollerctl(["package", "inspect", "--paths", Self.manifest], in: directory.path)
        let lines = try directory.text(Self.manifest).range(of: "---\n").map {
            try directory.text(Self.manifest)[$0.upperBound...]
        }
        #expect(archive.output.hasSuffix("---\n" + (lines ?? "none")))
        #expect(manifest.output.hasSuffix("---\n" + (lines ?? "none")))
        #expect(archive.output.contains("files: 2\ndirectories: 2\nlinks: 1\n"))
        let json = await rollerctl(["package", "inspect", "--json", "--paths", Self.archive], in: directory.path)
        #expect(json.output.contains("\"files\": 2"), "\(json)")
        #expect(json.output.contains("doc.txt"), "\(json)")
    }

    @Test func inspectOfSomethingElseSaysSo() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(["x": "hello\n"])
        let run = await rollerctl(["package", "inspect", "x"], in: directory.path)
        #expect(run.status == .failed)
        #expect(run.errors.contains("cannot use the manifest"))
    }

    private func tree(_ directory: TemporaryDirectory, _ place: String) throws {
        try directory.write(["\(place)/share/doc.txt": "text\n", "\(place)/bin": nil])
        let root = try Directory.open(directory.path.appending(place))
        try root.createFile("bin/jq", permissions: 0o755, bytes: Array("code".utf8))
        try root.symlink("bin/jqq", to: "jq")
    }

    private func build(_ directory: TemporaryDirectory, _ tree: String, _ more: String...) async -> Run {
        await rollerctl(
            ["package", "build", tree, "--name", "jq", "--version", "1.7-1", "--platform", Self.platform] + more,
            in: directory.path)
    }
}
