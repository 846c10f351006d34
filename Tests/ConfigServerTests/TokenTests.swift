import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import ConfigServer

struct TokenTests {
    private let tokens: Tokens

    init() throws {
        tokens = try Tokens(
            "# a comment\n\npublish \(Digest(of: "one")) ann's laptop\nrefresh \(Digest(of: "two"))\n")
    }

    @Test func aTokenAllowsItsScopeAlone() throws {
        try tokens.check("Bearer one", for: .publish)
        try tokens.check("bearer  one", for: .publish)
        #expect(throws: RequestError.forbidden(.refresh)) { try tokens.check("Bearer one", for: .refresh) }
    }

    @Test(arguments: [nil, "", "Bearer", "Bearer ", "Bearer three", "Bearer onetwo", "Basic one", "one"])
    func anythingElseIsNotKnown(_ header: String?) {
        let error = #expect(throws: RequestError.self) { try tokens.check(header, for: .publish) }
        guard case .unauthorised = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aTokenWorksUntilItsLastDayIsOver() throws {
        let tokens = try Tokens("publish \(Digest(of: "one")) until=2027-01-31 ann's laptop\n")
        let midnight = 1_801_440_000  // 2027-02-01 00:00 UTC
        try tokens.check("Bearer one", for: .publish, now: UTCTime(seconds: midnight - 1))
        #expect(throws: RequestError.unauthorised(why: "the token worked until 2027-01-31")) {
            try tokens.check("Bearer one", for: .publish, now: UTCTime(seconds: midnight))
        }
    }

    @Test(arguments: ["until=", "until=tomorrow", "until=2027-1-31", "until=2027-13-01", "until=31-01-2027"])
    func aDayThatIsNoneIsNamed(_ word: String) {
        #expect(throws: TokensError.self) { try Tokens("publish \(Digest(of: "one")) \(word)\n") }
    }

    @Test func theHashIsNoToken() {
        #expect(throws: RequestError.self) { try tokens.check("Bearer \(Digest(of: "one"))", for: .publish) }
    }

    @Test func withoutTokensNobodyMayWrite() {
        #expect(throws: RequestError.self) { try Tokens.none.check("Bearer ", for: .publish) }
    }

    @Test(arguments: [
        ("publish", 1), ("write sha256:aa", 1), ("\n\npublish sha256:00", 3), ("publish \(Digest(of: "x").hex)", 1),
    ])
    func aBadLineIsNamed(_ text: String, _ line: Int) {
        let error = #expect(throws: TokensError.self) { try Tokens(text) }
        guard case .badLine(line, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func anUnknownScopeIsNamedWithThoseThereAre() {
        let error = #expect(throws: TokensError.self) { try Tokens("# \npubish \(Digest(of: "x"))\n") }
        let message = error.map { explain($0) } ?? ""
        #expect(
            message.hasSuffix(
                "line 2 of the tokens file: 'pubish' is no scope; there are publish, refresh, receipts, read"))
    }

    @Test(arguments: [(UInt16(0o600), false), (0o640, true), (0o604, true)])
    func aFileThatOthersMayReadIsNoted(_ permissions: UInt16, _ expected: Bool) throws {
        try withFile(permissions) { path in
            let loaded = try Tokens.load(path)
            #expect(loaded.isReadableByOthers == expected)
        }
    }

    @Test(arguments: [UInt16(0o620), 0o602, 0o666])
    func aFileThatOthersMayWriteIsRefused(_ permissions: UInt16) throws {
        try withFile(permissions) { path in
            #expect(throws: TokensError.writableByOthers(path)) { try Tokens.load(path) }
        }
    }

    private func withFile(_ permissions: UInt16, _ body: (FilePath) throws -> Void) throws {
        let holder = try Directory.open("/tmp", followingLinks: true)
        let name = "config-server-tokens-\(UInt64.random(in: .min ... .max))"
        try holder.createFile(name, permissions: permissions, bytes: Array("publish \(Digest(of: "x"))\n".utf8))
        defer { try? holder.remove(name) }
        try body(FilePath("/tmp").appending(name))
    }
}
