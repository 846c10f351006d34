import RollerCore
import Testing

/// Putting a host on another release: that one value changes, and no other byte.
struct HostEditTests {
    private static let host = HostName("web-07.example.com")
    private static let old = "web@2026.11.22-1"
    private static let new = "web@2026.11.22-2"

    /// Host files in which the old release stands once, where the new one must stand afterwards.
    static let shapes = [
        "hostclass: web@2026.11.22-1\ndatacenter: snc1\n",
        "datacenter: snc1\nhostclass: web@2026.11.22-1\n",
        "datacenter: snc1\nhostclass: web@2026.11.22-1",
        "# top\n\nhostclass:    web@2026.11.22-1   # the canary: see web-08\ndatacenter: snc1   # here\n\n\n",
        "hostclass: 'web@2026.11.22-1'\ndatacenter: 'snc1'\n",
        "hostclass: \"web@2026.11.22-1\"\ndatacenter: \"snc1\"\n",
        "hostclass : web@2026.11.22-1\ndatacenter : snc1\n",
        "\"hostclass\": web@2026.11.22-1\n'datacenter': snc1\n",
        "hostclass:\n  web@2026.11.22-1\ndatacenter: snc1\n",
        "hostclass: >-\n  web@2026.11.22-1\ndatacenter: snc1\n",
        "hostclass: |- # so\n    web@2026.11.22-1\ndatacenter: snc1\n",
        "{hostclass: web@2026.11.22-1, datacenter: snc1}\n",
        "{datacenter: snc1, hostclass: 'web@2026.11.22-1'}",
        "{\n  \"hostclass\":\"web@2026.11.22-1\",\n  \"datacenter\":\"snc1\"\n}\n",
        "{hostclass: web@2026.11.22-1,datacenter: snc1,settings: {a: [1, 2], b: {c: yes please}}}\n",
        "--- # one document\nhostclass: web@2026.11.22-1\ndatacenter: snc1\n...\n",
        "x-note: é und 日本 \nhostclass: web@2026.11.22-1 # größer\ndatacenter: snc1\n",
        "{x-é: 日本, hostclass: web@2026.11.22-1, datacenter: snc1} # 🚀\n",
        "hostclass: &release web@2026.11.22-1\ndatacenter: snc1\n",
        "hostclass: &release 'web@2026.11.22-1'\ndatacenter: snc1\n",
        "settings:\n  hostclass: web\n  note: \"hostclass: x\"\nhostclass: web@2026.11.22-1\ndatacenter: snc1\n",
        "# hostclass: nothing\ndatacenter: snc1\nplatform: debian-12-x86_64\nsettings: {workers: 8, list: [a,\n  b]}\n"
            + "hostclass: web@2026.11.22-1\n",
    ]

    @Test(arguments: shapes)
    func changesOneValueAndNoOtherByte(_ text: String) throws {
        let edited = try edit(text, to: Self.new)
        #expect(edited == text.replacingOnce(Self.old, with: Self.new))
    }

    @Test(arguments: shapes)
    func changingBackGivesTheFirstBytes(_ text: String) throws {
        #expect(try edit(try edit(text, to: "db@" + String(repeating: "4f", count: 20)), to: Self.old) == text)
    }

    @Test(arguments: shapes)
    func theSameReleaseChangesNothing(_ text: String) throws {
        #expect(try edit(text, to: Self.old) == text)
    }

    @Test func escapesInQuotesGiveWay() throws {
        let text = "hostclass: \"web\\x402026.11.22-1\" # old\ndatacenter: snc1\n"
        #expect(try edit(text, to: Self.new) == "hostclass: \"web@2026.11.22-2\" # old\ndatacenter: snc1\n")
    }

    @Test func anAliasIsReplacedByTheReleaseItself() throws {
        let text = "x-canary: &c web@2026.11.22-1\nhostclass: *c\ndatacenter: snc1\n"
        #expect(
            try edit(text, to: Self.new)
                == "x-canary: &c web@2026.11.22-1\nhostclass: web@2026.11.22-2\ndatacenter: snc1\n")
    }

    @Test func tellsTheReleaseThatWas() throws {
        let host = try #require(Self.host)
        let bytes = Array(Self.shapes[0].utf8)
        let release = try #require(ReleaseReference(Self.new))
        #expect(try HostEdit.settingRelease(in: bytes, of: host, to: release, file: "f").old.rawValue == Self.old)
    }

    @Test func aValueThatOthersReferToIsRefused() throws {
        let text = "hostclass: &c web@2026.11.22-1\ndatacenter: snc1\nsettings: {release: *c}\n"
        #expect(
            throws: HostEditError.notEditable("hosts/f.yml", why: "other values refer to its 'hostclass' by an alias")
        ) {
            try edit(text, to: Self.new)
        }
    }

    @Test(arguments: [
        "", "hostclass: web\ndatacenter: snc1\n", "datacenter: snc1\n", "hostclass: web@1\n",
        "hostclass: web@1\ndatacenter: snc1\nhostclas: web@2\n", "hostclass: web@1\r\ndatacenter: snc1\r\n",
        "hostclass: web@1\nhostclass: web@2\ndatacenter: snc1\n", "hostclass: [web@1]\ndatacenter: snc1\n",
        "hostclass: web@1\n\tdatacenter: snc1\n", "hostclass: |\n  web@1\ndatacenter: snc1\n",
    ])
    func aFileWithErrorsIsRefused(_ text: String) throws {
        let error = #expect(throws: HostEditError.self) { try edit(text, to: Self.new) }
        guard case .unreadable? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    private func edit(_ text: String, to release: String) throws -> String {
        let release = try #require(ReleaseReference(release))
        let host = try #require(Self.host)
        let edited = try HostEdit.settingRelease(in: Array(text.utf8), of: host, to: release, file: "hosts/f.yml")
        return String(decoding: edited.bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate func replacingOnce(_ old: String, with new: String) -> String {
        let bytes = Array(utf8)
        let starts = bytes.indices.filter { bytes[$0...].starts(with: old.utf8) }
        precondition(starts.count == 1, "the table's text holds the release once")
        return String(
            decoding: bytes[..<starts[0]] + Array(new.utf8) + bytes[(starts[0] + old.utf8.count)...], as: UTF8.self)
    }
}
