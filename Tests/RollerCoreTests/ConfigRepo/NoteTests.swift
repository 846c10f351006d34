import Testing

@testable import RollerCore

/// What is said about things that are there and do nothing.
struct NoteTests {
    private static let host = BrokenRepository.host
    static let rows: [BrokenRepository.Row] = [
        .file("hostclasses/db.yml", "settings: {shards: 2}\nrequired: {ntp: list}\n"),
        .file("datacenters/ewr1.yml", "platform: debian-12-x86_64\nsettings: {prot: 80, port: 80}\n"),
        .init("one release that nobody is at") { $0.otherTags = ["web@2026.11.20-1"] },
        .init("many releases that nobody is at") { $0.otherTags = (1...5).map { "web@2026.11.20-\($0)" } },
        .init("a release of a class that is gone") { $0.otherTags = ["mail@1", "no release"] },
        .init("a setting that only a service reads") {
            $0.head.set("files/web/etc/nginx/nginx.conf.mustache", "")
        },
        .init("a setting that only a section reads") {
            $0.head.set("files/web/etc/nginx/nginx.conf.mustache", "{{#tls}}{{^upstreams}}{{/upstreams}}{{/tls}}")
        },
    ]

    @Test func theyAreSaid() throws {
        let usual = GoodRepository().notes
        var text = "==== what the good repository leaves over\n\(GoodRepository().text(of: usual))\n\n"
        for row in Self.rows {
            var repository = GoodRepository()
            row.breaks(&repository)
            #expect(!repository.snapshot.lint().hasErrors, "\(row.name)")
            let more = repository.notes.filter { !usual.contains($0) }
            text += "==== \(row.name)\n\(repository.text(of: more))\n\n"
        }
        try expectGolden(text, "notes.txt")
    }

    @Test func nothingIsSaidWhileSomethingCannotBeRead() {
        var repository = GoodRepository()
        repository.head.set(Self.host, "hostclass: [\n")
        #expect(repository.notes.isEmpty)
    }

    @Test func withoutTagsNothingIsSaidOfReleases() {
        #expect(!GoodRepository().snapshot.notes().contains { $0.code == .unusedReleases })
    }

    @Test func allAreNotes() {
        for code in DiagnosticCode.allCases {
            #expect((code.severity == .note) == code.rawValue.hasPrefix("RLR08"), "\(code.rawValue)")
        }
    }
}
