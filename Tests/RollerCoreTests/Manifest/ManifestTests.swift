import RollerCore
import Testing

/// A manifest's text is one form of it, and nothing else passes for one.
struct ManifestTests {
    static let digest = Digest(of: "x")

    static func head(
        files: String = "0", directories: String = "0", links: String = "0", unpacked: String = "0", size: String = "9",
        origin: String = "{}"
    ) -> String {
        """
        manifest: 1
        name: nginx
        version: 1.25.3-2
        platform: debian-12-x86_64
        archive: \(digest)
        size: \(size)
        unpacked: \(unpacked)
        files: \(files)
        directories: \(directories)
        links: \(links)
        origin: \(origin)
        ---

        """
    }

    static func read(_ text: String) -> Result<PackageManifest, ManifestError> {
        Result { () throws(ManifestError) in try PackageManifest.read(Array(text.utf8)) }
    }

    @Test func generatedManifestsSurviveTheirText() throws {
        var generator = TemplateSeededGenerator(seed: 5)
        for _ in 0..<200 {
            let manifest = Self.manifest(&generator)
            let read = try PackageManifest.read(Array(manifest.text.utf8))
            #expect(read == manifest)
            #expect(read.text == manifest.text)
        }
    }

    @Test func theTextReadsAsDocumented() throws {
        let text =
            Self.head(files: "2", directories: "1", links: "1", unpacked: "3")
                + """
                f 0755 3 \(Self.digest.hex) bin/a -> b c
                h bin/b\t->\tbin/a -> b c
                d 0755 etc
                l lib/é\t->\t../a -> b

                """
        let manifest = try Self.read(text).get()
        #expect(manifest.entries.map(\.path.rawValue) == ["bin/a -> b c", "bin/b", "etc", "lib/é"])
        #expect(manifest.counts == (2, 1, 1))
        #expect(manifest.unpackedSize == ByteCount(3))
        #expect(manifest.archiveName == "nginx-1.25.3-2-debian-12-x86_64.tar.zst")
        #expect(manifest.manifestName == "nginx-1.25.3-2-debian-12-x86_64.manifest")
    }

    /// Each is the thirteenth line, the first below the head.
    @Test(arguments: [
        "", " ", "x", "f", "f ", "fx 0644 1 D p", "f 0644 1 D", "f 0644 1 D ", "f 644 1 D p", "f +644 1 D p",
        "f 0648 1 D p",
        "f 0644 -1 D p", "f 0644 +1 D p", "f 0644  D p", "f 0644 1234567890123456789 D p", "f 0644 007 D p",
        "f 0644 1 abc p",
        "f 0644 1 sha256:D p", "f 0644 1 D /p", "f 0644 1 D ../p", "f 0644 1 D .roller/x", "f 0644 1 D a\tb",
        "F 0644 1 D p", "d 0755", "d 0755 ", "d 755 p", "d 0755 a/", "d -755 p", "l p", "l p -> q", "l p\t->\t",
        "l p\t=>\tq",
        "l p\t->\tq\tr", "l p\t->\ta\u{1b}b", "h p\t->\t/q", "h p\t->\t../q", "h p\t->\t", "s p", "f 0644 1 D p\r",
        "---",
    ])
    func aMalformedLineIsNamedByItsNumber(_ line: String) {
        let written = line.replacing("D", with: Self.digest.hex)
        let text = Self.head(files: "1", unpacked: "1") + written + "\n"
        guard case .failure(.malformed(let number, _)) = Self.read(text) else {
            Issue.record("'\(line)' gave \(Self.read(text))")
            return
        }
        #expect(number == 13)
    }

    @Test func aMalformedLineFurtherDownIsNamedByItsNumber() {
        let text = Self.head(directories: "2") + "d 0755 a\nd 0755 b\nd 755 c\n"
        #expect(Self.read(text) == .failure(.malformed(line: 15, why: "a directory has a mode and a path")))
        let cut = Self.head(directories: "1") + "d 0755 a\nd 0755 b"
        #expect(Self.read(cut) == .failure(.malformed(line: 14, why: "the last line is cut off")))
        let bytes = Array((Self.head() + "d 0755 a").utf8) + [0xff, 0x0a]
        #expect(throws: ManifestError.malformed(line: 13, why: "it is not UTF-8")) { try PackageManifest.read(bytes) }
    }

    @Test(arguments: [
        ("manifest: 1", "manifest: 2", 1), ("name: nginx", "name: Nginx", 2), ("name: nginx", "names: nginx", 1),
        ("size: 9", "size: -9", 6), ("size: 9", "size: 9\nsize: 9", 7), ("origin: {}", "origin: []", 11),
        ("origin: {}", "origin: {a: 1}", 11), ("platform: debian-12-x86_64", "platform: \"\"", 4),
        ("files: 0", "files: 1.5", 8), ("files: 0", "files: 99999999999999999999", 8),
    ])
    func aMalformedHeadIsNamedByItsLine(_ good: String, _ bad: String, _ line: Int) {
        let text = Self.head().replacing(good, with: bad)
        guard case .failure(.malformed(let number, let why)) = Self.read(text) else {
            Issue.record("'\(bad)' gave \(Self.read(text))")
            return
        }
        #expect(number == line, "\(why)")
        #expect(!why.contains("the head is empty"))
    }

    @Test(arguments: [
        "", "---\n", "manifest: 1\n", "manifest: 1\n---", "\n---\n", String(repeating: "#\n", count: 40_000) + "---\n",
    ])
    func aTextWithoutAHeadIsRefused(_ text: String) {
        guard case .failure(.malformed) = Self.read(text) else {
            Issue.record("it was read")
            return
        }
    }

    @Test(arguments: ["d 0755 b\nd 0755 a\n", "d 0755 a\nd 0755 a\n", "d 0755 a/b\nd 0755 a-b\n"])
    func pathsStandOnceAndInOrder(_ lines: String) {
        let text = Self.head(directories: "2") + lines
        guard case .failure(.outOfOrder(14, _)) = Self.read(text) else {
            Issue.record("it gave \(Self.read(text))")
            return
        }
    }

    @Test(arguments: [
        head(directories: "1"), head(files: "1"), head(links: "1"), head(unpacked: "1"),
        head(files: "999999999999999999", directories: "999999999999999999", links: "999999999999999999"),
        head(files: "1", unpacked: "2") + "f 0644 1 \(digest.hex) a\n",
    ])
    func countsMustFit(_ text: String) { #expect(Self.read(text) == .failure(.countsDiffer)) }

    /// Twenty sizes of eighteen digits go beyond 64 bits.
    @Test func sizesThatOverflowAreRefused() {
        var text = Self.head(files: "20", unpacked: "9223372036854775807")
        for number in 10..<30 { text += "f 0644 999999999999999999 \(Self.digest.hex) f\(number)\n" }
        guard case .failure(.malformed(7, _)) = Self.read(text) else {
            Issue.record("it was read")
            return
        }
        let fitting = text.replacing("9223372036854775807", with: "999999999999999999")
        #expect(Self.read(fitting) == .failure(.countsDiffer))
    }

    @Test(arguments: [
        "h b\t->\ta\nl c\t->\tx\n", "d 0755 a\nh b\t->\ta\n", "h b\t->\tb\n", "f 0644 0 D a\nh b\t->\ta\nh c\t->\tb\n",
    ])
    func aHardLinkNamesAFileOfThePackage(_ lines: String) {
        let all = lines.replacing("D", with: Self.digest.hex)
        let kinds = all.split(separator: "\n").map(\.first)
        let text =
            Self.head(
                files: "\(kinds.count { $0 == "f" || $0 == "h" })", directories: "\(kinds.count { $0 == "d" })",
                links: "\(kinds.count { $0 == "l" })") + all
        guard case .failure(.malformed(_, let why)) = Self.read(text) else {
            Issue.record("it gave \(Self.read(text))")
            return
        }
        #expect(why.contains("is no file of the package"))
    }

    /// No figure is asked for; something quadratic would not end in a minute.
    @Test(.timeLimit(.minutes(1))) func aMillionPathsAreRead() throws {
        var text = Self.head(directories: "1000000")
        for number in 1_000_000..<2_000_000 { text += "d 0755 d/\(number)\n" }
        #expect(try Self.read(text).get().entries.count == 1_000_000)
    }

    static func manifest(_ generator: inout TemplateSeededGenerator) -> PackageManifest {
        let words = ["a", "b b", "ä", "e\u{301}", "é", "->", "a -> b", "-", "#x", "'", "\"", "x.conf", "no", "0644"]
        var paths: Set<[UInt8]> = []
        var files: [TreePath] = []
        var entries: [PackageManifest.Entry] = []
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            let text = (0...Int.random(in: 0...3, using: &generator)).map { _ in
                words[Int.random(in: 0..<words.count, using: &generator)]
            }.joined(separator: "/")
            guard let path = TreePath(text), paths.insert(Array(text.utf8)).inserted else { continue }
            let kind: PackageManifest.Kind
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: kind = .directory(permissions: UInt16.random(in: 0...0o7777, using: &generator))
            case 1: kind = .symlink(target: "../\(text)")
            case 2 where !files.isEmpty:
                kind = .hardLink(target: files[Int.random(in: 0..<files.count, using: &generator)])
            default:
                files.append(path)
                kind = .file(
                    permissions: UInt16.random(in: 0...0o7777, using: &generator),
                    size: ByteCount(Int64.random(in: 0...1_000_000_000, using: &generator)), digest: digest)
            }
            entries.append(.init(path: path, kind: kind))
        }
        guard let name = PackageName("no"), let version = PackageVersion("1.0"), let platform = Platform("any") else {
            preconditionFailure("these are names")
        }
        return PackageManifest(
            name: name, version: version, platform: platform, archive: digest, size: ByteCount(7),
            origin: ["built-from": "a: b", "by": "ann"], entries: entries.shuffled(using: &generator))
    }
}
