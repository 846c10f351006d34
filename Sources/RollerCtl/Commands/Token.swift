import ArgumentParser
import RollerCore

/// The commands about tokens.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes tokens for writing to config servers.", subcommands: [TokenNew.self])
}

/// Makes a token.
struct TokenNew: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Makes a token: itself on standard output, the server's line on standard error.",
        discussion: """
            rollerctl token new publish >token 2>>tokens

            The server's file, that of its --tokens, holds the digest alone, so that it betrays no token. It \
            reads the file anew after a change.
            """)

    @Argument(
        help:
            "What it allows: publish (packages), refresh (POST /v1/refresh), receipts (of rolls), read (any host's bundle).",
        transform: knownScope)
    var scope: TokenScope
    @Option(help: "A note for the server's file: whose it is, and for what.")
    var comment = ""

    func validate() throws {
        guard !comment.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw ValidationError("a comment is one line")
        }
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        // The system's own generator: getrandom(2).
        var random = SystemRandomNumberGenerator()
        let token = base64URL((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        try surroundings.console.print(token + "\n")
        surroundings.console.note("\(scope.rawValue) \(Digest(of: token))" + (comment.isEmpty ? "" : " \(comment)"))
        return .fine
    }
}

private func knownScope(_ text: String) throws -> TokenScope {
    guard let scope = TokenScope(rawValue: text) else { throw ValidationError("the scopes are \(TokenScope.words)") }
    return scope
}

/// Without padding (RFC 4648, section 5).
func base64URL(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        count += 8
        while count >= 6 {
            count -= 6
            text.append(alphabet[Int(bits >> UInt32(count) & 63)])
        }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return String(decoding: text, as: UTF8.self)
}
