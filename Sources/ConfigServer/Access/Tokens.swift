internal import LinuxSystem
internal import RollerCore
internal import SystemPackage

/// Who may write: the hashes of tokens, so that the file that holds them opens nothing.
struct Tokens: Hashable, Sendable {
    /// A token's hash and what it allows.
    struct Token: Hashable, Sendable {
        let scope: TokenScope
        let digest: Digest
        /// The last day on which it works, as in 2027-01-31, by UTC; nil where it always does.
        var lastDay: String?
    }

    let tokens: [Token]

    /// Nobody may write.
    static let none = Tokens(tokens: [])

    /// Checks the value of an Authorization header (RFC 6750, section 2.1).
    func check(
        _ authorization: String?, for scope: TokenScope, now: UTCTime = .now
    ) throws(RequestError) {
        guard !tokens.isEmpty else { throw .unauthorised(why: "this server takes no tokens") }
        guard let authorization else { throw .unauthorised(why: "a token is needed") }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw .unauthorised(why: "a bearer token is needed")
        }
        let offered = Digest(of: parts[1].trimmed)
        var scopes: Set<TokenScope> = []
        var expired: String?
        let today = now.iso8601.prefix(10)
        // Every token is compared, and every byte of it: how long it takes tells nothing.
        for token in tokens where token.digest.isSame(as: offered) {
            // Dates of ISO 8601 sort as their text does.
            if let last = token.lastDay, last < today { expired = last } else { scopes.insert(token.scope) }
        }
        if scopes.isEmpty, let expired { throw .unauthorised(why: "the token worked until \(expired)") }
        guard !scopes.isEmpty else { throw .unauthorised(why: "the token is not known") }
        guard scopes.contains(scope) else { throw .forbidden(scope) }
    }
}

extension Digest {
    fileprivate func isSame(as other: Digest) -> Bool {
        var difference: UInt8 = 0
        for (a, b) in zip(rawValue.utf8, other.rawValue.utf8) { difference |= a ^ b }
        return difference == 0
    }
}

extension Tokens {
    /// Reads the lines of a tokens file: a scope, `sha256:` and the hash of the token, `until=` and the last day on which
    /// it works where it has one, and any comment. Empty lines and those that begin with `#` are passed over.
    init(_ text: String) throws(TokensError) {
        var tokens: [Token] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard let scope = TokenScope(rawValue: String(first)) else {
                throw .badLine(index + 1, why: "'\(first)' is no scope; there are \(TokenScope.words)")
            }
            guard words.count > 1, let digest = Digest(String(words[1])) else {
                throw .badLine(index + 1, why: "no hash follows the scope")
            }
            var token = Token(scope: scope, digest: digest)
            if words.count > 2, words[2].hasPrefix("until=") {
                let day = words[2].dropFirst(6)
                guard Self.isDay(day) else {
                    throw .badLine(index + 1, why: "'\(day)' is no day; write it as in until=2027-01-31")
                }
                token.lastDay = String(day)
            }
            tokens.append(token)
        }
        self.init(tokens: tokens)
    }

    private static func isDay(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) }),
            let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    /// Reads the tokens file at `path`.
    /// - Returns: The tokens, and whether others than the file's owner may read it.
    static func load(_ path: FilePath) throws(TokensError) -> (tokens: Tokens, isReadableByOthers: Bool) {
        let (text, permissions) = try read(path)
        // Whoever may write the file may publish packages as root's next roll.
        guard permissions & 0o022 == 0 else { throw .writableByOthers(path) }
        return (try Tokens(text), permissions & 0o044 != 0)
    }

    private static func read(_ path: FilePath) throws(TokensError) -> (text: String, permissions: UInt16) {
        do throws(FileError) {
            let name = path.lastComponent?.string ?? ""
            let folder = path.removingLastComponent()
            let file = try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
                .openFile(name, for: .reading)
            let permissions = try file.status().permissions
            return (String(decoding: try file.readToEnd(limit: 1 << 20), as: UTF8.self), permissions)
        } catch {
            throw .unreadable(error)
        }
    }
}

/// Why a tokens file cannot be used.
enum TokensError: RollerError, Hashable {
    case unreadable(FileError)
    case writableByOthers(FilePath)
    /// Lines count from 1.
    case badLine(Int, why: String)

    var message: String {
        switch self {
        case .unreadable(let error): error.message
        case .writableByOthers(let path): "others than its owner may write \(path)"
        case .badLine(let line, let why): "cannot read line \(line) of the tokens file: \(why)"
        }
    }

    var hint: String? {
        switch self {
        case .unreadable: nil
        case .writableByOthers(let path): "chmod 600 \(path)"
        case .badLine:
            "a line is a scope (\(TokenScope.words)), sha256:HEX, until=DATE if you like, and a comment; `printf %s TOKEN | sha256sum` makes the hash"
        }
    }
}
