import OrderedCollections
import Testing

@testable import RollerCore

/// What decides a host, as one value: the same decisions, the same bytes; read elsewhere, the same files.
struct BundleTests {
    private static func resolved(_ repository: GoodRepository = GoodRepository()) throws -> ResolvedHost {
        let host = try #require(HostName("web-07.snc1.example.com"))
        let outcome = try #require(repository.snapshot.resolve(host))
        return try #require(outcome.host, "\(repository.lint)")
    }

    private static func repository(files: [String: [UInt8]]) -> GoodRepository {
        var repository = GoodRepository()
        for (path, bytes) in files {
            repository.release["files/web/\(path)"] = RepoFile(
                path: "files/web/\(path)", kind: path.hasSuffix(".sh") ? .executable : .file, bytes: bytes)
        }
        return repository
    }

    /// Contents that a coding could harm.
    static let nasty: [String: [UInt8]] = [
        "bin/run.sh": Array("#!/bin/sh\n".utf8), "empty": [], "nul": [0x61, 0], "latin1": [0xe4, 0x0a],
        "bom": [0xef, 0xbb, 0xbf],
        "crlf": Array("a\r\nb\r\n".utf8), "accents": Array("e\u{301}é".utf8),
        "odd": Array("\u{fffe}\u{ffff}\u{2028}\u{10ffff}".utf8),
        "controls": Array("\u{1}\u{8}\u{c}\u{1b}\u{7f}\"\\/".utf8), "all": Array(0...255), "\u{301}x": [0x78],
        "made.mustache": Array("{{names.main}} {{roller.host}} é\r\n{{#tls}}on{{/tls}}".utf8),
    ]

    @Test func theHostRendersWhatTheServerRendered() throws {
        let resolved = try Self.resolved(Self.repository(files: Self.nasty))
        let sent = try Bundle.read(resolved.bundle.json)
        let rendered = try sent.renderFiles()
        #expect(rendered.map(\.path) == resolved.files.map(\.path))
        #expect(rendered.count == Self.nasty.count + 2)
        for (there, here) in zip(rendered, resolved.files) {
            #expect(there.bytes == here.bytes, "\(here.path)")
            #expect(there.mode == here.mode, "\(here.path)")
            #expect(there == here, "\(here.path)")
        }
    }

    @Test func everyFileKeepsItsBytes() throws {
        let resolved = try Self.resolved(Self.repository(files: Self.nasty))
        let files = try Bundle.read(resolved.bundle.json).renderFiles()
        for (path, bytes) in Self.nasty where !path.hasSuffix(".mustache") {
            let file = try #require(files.first { $0.path.rawValue.utf8.elementsEqual(path.utf8) }, "\(path)")
            #expect(file.bytes == bytes, "\(path)")
            #expect(file.mode.permissions == (path.hasSuffix(".sh") ? 0o755 : 0o644))
        }
        #expect(files.first { $0.path.rawValue == "etc/nginx/key.pem" }?.mode == ModeAndOwner("0640 root:nginx"))
    }

    @Test func aBundleSurvivesItsJSON() throws {
        let bundle = try Self.resolved(Self.repository(files: Self.nasty)).bundle
        let read = try Bundle.read(bundle.json)
        #expect(read.json == bundle.json)
        #expect(read.services == bundle.services)
        #expect(read.modes == bundle.modes)
        #expect(read.packages == bundle.packages)
        #expect(read.files == bundle.files)
    }

    /// Nothing of the order in which git, a dictionary or a person lists things reaches the bytes.
    @Test func theSameDecisionsMakeTheSameBytes() throws {
        let bytes = try Self.resolved().bundle.json
        for _ in 0..<10 { #expect(try Self.resolved().bundle.json == bytes) }
        var repository = GoodRepository()
        repository.head.edit(
            BrokenRepository.host, "{workers: 8, upstreams: [a, b]}", "{upstreams: [a, b], workers: 8}")
        repository.head.edit(BrokenRepository.host, "datacenter: snc1\n", "# moved\ndatacenter: snc1\n")
        #expect(try Self.resolved(repository).bundle.json == bytes)
        repository.head.edit(BrokenRepository.host, "workers: 8", "workers: 9")
        #expect(try Self.resolved(repository).bundle.json != bytes)
    }

    /// Commits that do not concern a host leave its bundle alone: it names no head of the branch.
    @Test func otherCommitsLeaveTheBundleAlone() throws {
        let bytes = try Self.resolved().bundle.json
        let good = GoodRepository()
        let host = try #require(HostName("web-07.snc1.example.com"))
        for head in ["aa", "bb"].map({ Revision(String(repeating: $0, count: 20)) }) {
            let snapshot = Snapshot(
                revision: head, committed: 1_700_000_000, repo: good.snapshot.repo, releases: good.snapshot.releases,
                findings: [])
            let bundle = try #require(snapshot.resolve(host)?.host?.bundle)
            #expect(bundle.json == bytes)
            #expect(!String(decoding: bundle.json, as: UTF8.self).contains(head?.rawValue ?? "?"))
        }
        var other = good
        other.head.edit(BrokenRepository.web, "port: 8080", "port: 9")
        other.head.set(
            "hosts/b.example.com.yml", "hostclass: web@2026.11.22-1\ndatacenter: snc1\nsettings: {upstreams: []}\n")
        #expect(try Self.resolved(other).bundle.json == bytes)
    }

    @Test func theTextIsAsDocumented() throws {
        let text = String(decoding: Self.pretty(try Self.resolved().bundle), as: UTF8.self)
        try expectGolden(text, "bundle.json")
    }

    /// Every part of a bundle that is left out or is of another kind is named.
    @Test func aMalformedBundleIsRefused() throws {
        let json = try Self.resolved().bundle.json
        let good = try readJSON(json, as: Value.self)
        guard case .map(let entries) = good else { return #expect(Bool(false), "a bundle is a map") }
        for key in entries.keys where key != "downtime-budget" {
            var without = entries
            without[key] = nil
            #expect(Self.refusal(.map(without)) == "cannot read the bundle: the key '\(key)' is missing")
            guard key != "settings" else { continue }
            var other = entries
            other[key] = entries[key]?.type == .list ? .int(1) : .list([.list([])])
            #expect(
                Self.refusal(.map(other))?.contains("at \(key)") == true, "\(key): \(Self.refusal(.map(other)) ?? "")")
        }
        var later = entries
        later["bundle"] = .int(2)
        #expect(Self.refusal(.map(later)) == "the bundle has format 2, and this program reads format 1")
        var scalar = entries
        scalar["settings"] = .string("no")
        #expect(Self.refusal(.map(scalar)) == "cannot read the bundle: the settings are no map")
    }

    @Test(arguments: [
        ("etc/nginx/key.pem", "../../key.pem", "at files"), ("\"0640 root:nginx\"", "\"rwx\"", "at modes"),
        ("\"nginx.service\"", "\"--force\"", "at services"), ("sha256:0", "sha512:0", "at packages"),
        ("\"size\":7", "\"size\":-7", "at packages"), ("\"within\":\"10s\"", "\"within\":10", "at services"),
        ("debian-12-x86_64", "../x", "at"), ("web-07.snc1.example.com", "web_07", "at host"),
    ])
    func whatABundleSaysIsCheckedAgain(_ good: String, _ bad: String, _ place: String) throws {
        let json = String(decoding: try Self.resolved().bundle.json, as: UTF8.self)
        #expect(json.contains(good))
        do {
            _ = try Bundle.read(Array(json.replacing(good, with: bad).utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.message.hasPrefix("cannot read the bundle: \(place)"), "\(error.message)")
        }
    }

    @Test(arguments: ["", "{", "null", "[]", "<html>Log in</html>", "{\"bundle\":1}", "\u{0}"])
    func whatIsNoBundleIsRefused(_ text: String) {
        do {
            _ = try Bundle.read(Array(text.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.message.hasPrefix("cannot read the bundle: "))
            #expect(error.hint != nil)
        }
    }

    @Test func aTemplateThatCannotBeRenderedIsRefusedOnTheHostToo() throws {
        let json = String(decoding: try Self.resolved().bundle.json, as: UTF8.self)
        let bundle = try Bundle.read(Array(json.replacing("{{workers}}", with: "{{wrokers}}").utf8))
        #expect(throws: TemplateErrors.self) { try bundle.renderFiles() }
    }

    private static func refusal(_ value: Value) -> String? {
        do {
            _ = try Bundle.read(value.json())
            return nil
        } catch { return error.message }
    }

    private static func pretty(_ bundle: Bundle) -> [UInt8] {
        guard let value = try? readJSON(bundle.json, as: Value.self) else { return [] }
        return value.json(pretty: true)
    }
}
