import RollerCore
import Testing

/// What makes a name, and what does not.
struct NameTests {
    static let long = String(repeating: "a", count: 64)

    @Test(arguments: ["a", "web", "web-2", "w2-", String(repeating: "a", count: 63)])
    func plainNamesAreTaken(_ text: String) {
        #expect(HostclassName(text)?.rawValue == text)
        #expect(DatacenterName(text)?.rawValue == text)
        #expect(ServiceName(text)?.rawValue == text)
        #expect(PackageName(text)?.rawValue == text)
    }

    @Test(arguments: [
        "", "2web", "-web", "Web", "wéb", "we\u{301}b", "web ", "web\n", "web_1", "web/1", "a\0b", "a.b", long,
    ])
    func otherTextIsNoPlainName(_ text: String) {
        #expect(HostclassName(text) == nil)
        #expect(DatacenterName(text) == nil)
        #expect(GroupName(text) == nil)
        #expect(ServiceName(text) == nil)
        #expect(PackageName(text) == nil)
    }

    /// groupadd(8) takes no more than 32 characters, useradd(8) the same.
    @Test(arguments: ["a", "web-team", String(repeating: "a", count: 32)])
    func namesOfAccountsFitTheSystem(_ text: String) {
        #expect(GroupName(text)?.rawValue == text)
        #expect(LoginName(text)?.rawValue == text)
        #expect(GroupName(text + String(repeating: "a", count: 32)) == nil)
        #expect(LoginName(text + String(repeating: "a", count: 32)) == nil)
    }

    @Test func onlyPackagesMayHavePlus() {
        #expect(PackageName("libstdc++")?.rawValue == "libstdc++")
        #expect(PackageName("+x") == nil)
        #expect(HostclassName("c++") == nil)
    }

    @Test(arguments: [
        "6.10", "1.25.3-2", "1:2", "2026-11-22", "1.0~rc1+b", "v1_2", "", "-1", ".1", "1 0", "1\n", "1/2",
    ])
    func versionsAreOpaqueText(_ text: String) {
        let isGood = !["1:2", "", "-1", ".1", "1 0", "1\n", "1/2"].contains(text)
        #expect((PackageVersion(text) != nil) == isGood)
    }

    @Test(arguments: [
        "web-07.snc1.example.com", "a", "1.2.3.4", "9a", "\(String(repeating: "a", count: 63)).b",
    ])
    func hostNamesAreTaken(_ text: String) { #expect(HostName(text)?.rawValue == text) }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "-a.b", "a-.b", "A.b", "a_b", "a.b\n", "é.b", "\(long).b",
        Array(repeating: "abcdefg", count: 32).joined(separator: "."),
    ])
    func otherTextIsNoHostName(_ text: String) { #expect(HostName(text) == nil) }

    @Test(arguments: ["workers", "a-b", "A_b9", "x"]) func settingKeysAreTaken(_ text: String) {
        #expect(SettingKey(text)?.rawValue == text)
    }

    @Test(arguments: ["", "roller", "9a", "_a", "a.b", "a b", "é", long])
    func otherTextIsNoSettingKey(_ text: String) { #expect(SettingKey(text) == nil) }

    @Test(arguments: [
        "", "a..b", "a.", "a.lock", "-a", ".a", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\", "a@{b",
    ])
    func releasesFollowGitsRulesForTags(_ text: String) { #expect(ReleaseVersion(text) == nil) }

    @Test func aReferenceNamesATagOrACommit() throws {
        let commit = String(repeating: "0a", count: 20)
        #expect(ReleaseReference("web@2026.11.22-1")?.state == ReleaseVersion("2026.11.22-1").map { .release($0) })
        #expect(ReleaseReference("web@\(commit)")?.state == Revision(commit).map { .commit($0) })
        for text in ["web", "web@", "@1", "web@1@2", "Web@1", "web@ 1", "web@1 ", "web@a..b"] {
            #expect(ReleaseReference(text) == nil, "\(text)")
        }
        #expect(ReleaseVersion(commit) == nil, "a tag of that name would be taken for the commit")
    }

    @Test(arguments: [
        ("0644", UInt16(0o644), "root", "root"), ("0640 root:nginx", 0o640, "root", "nginx"),
        ("0000 _a:b-c", 0, "_a", "b-c"),
    ])
    func modesAreTaken(_ text: String, _ permissions: UInt16, _ user: String, _ group: String) throws {
        let mode = try #require(ModeAndOwner(text))
        #expect((mode.permissions, mode.user, mode.group) == (permissions, user, group))
        #expect(mode.rawValue == text)
    }

    @Test(arguments: [
        "", "644", "4755", "0648", "0+64", "0-64", "0644 ", "0644  a:b", "0644 a", "0644 a:", "0644 :b", "0644 a:b:c",
        "0644 A:b", "0644 0:0", "00644", "0644 a:b c",
    ])
    func otherTextIsNoMode(_ text: String) { #expect(ModeAndOwner(text) == nil) }

    @Test func digestsAreOneForm() {
        let digest = Digest(of: "abc")
        #expect(digest.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest(digest.rawValue) == digest)
        #expect(Digest(digest.hex) == nil)
        #expect(Digest(digest.rawValue.uppercased()) == nil)
        #expect(Digest("sha256:" + String(repeating: "é", count: 32)) == nil)
        #expect(Digest(bytes: [1, 2]) == nil)
        #expect(Digest(bytes: Array(repeating: 0, count: 32))?.short == "000000000000")
    }

    @Test func aRevisionIsFortyDigits() {
        #expect(Revision(String(repeating: "a", count: 40))?.short == "aaaaaaaaaaaa")
        for text in ["", "a", String(repeating: "A", count: 40), String(repeating: "a", count: 41)] {
            #expect(Revision(text) == nil)
        }
    }

    @Test func generationsAreNotNegative() throws {
        #expect(Generation(-1) == nil)
        #expect(Generation(0) == .beforeRoller)
        #expect(Generation.beforeRoller.following == Generation(1))
        #expect(throws: DecodingError.self) { try readJSON(Array("-1".utf8), as: Generation.self) }
        #expect(try readJSON(Array("3".utf8), as: Generation.self) == Generation(3))
    }
}
