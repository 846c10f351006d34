internal import Crypto
internal import HTTPTypes
internal import LinuxSystem
internal import RollerCore
internal import SystemPackage

/// What the upstream's server and this one both know, so that a webhook is known to come from there.
struct WebhookSecret: Sendable {
    private let bytes: [UInt8]

    /// Reads the secret from a file: its first line.
    init(file: FilePath) throws(WebhookSecretError) {
        let text: [UInt8]
        let isOpen: Bool
        do throws(FileError) {
            let folder = file.removingLastComponent()
            let opened = try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
                .openFile(file.lastComponent?.string ?? "", for: .reading)
            isOpen = try opened.status().permissions & 0o077 != 0
            text = try opened.readToEnd(limit: 4096)
        } catch {
            throw .unreadable(error)
        }
        guard !isOpen else { throw .isOpen(file) }
        bytes = Array(text.prefix { $0 != 0x0a && $0 != 0x0d })
        guard bytes.count >= 16 else { throw .tooShort(file) }
    }

    init(_ secret: String) { bytes = Array(secret.utf8) }

    /// Checks that who sent `body` knows the secret: by GitHub's signature of it, or GitLab's token.
    func check(_ headers: HTTPFields, _ body: [UInt8]) throws(RequestError) {
        let key = SymmetricKey(data: bytes)
        if let signature = headers[.hubSignature] {
            guard signature.hasPrefix("sha256="), let code = [UInt8](hexadecimal: signature.dropFirst(7)),
                HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
            else { throw .unauthorised(why: "the signature is not that of this body and the webhook's secret") }
        } else if let token = headers[.gitlabToken] {
            // By the codes of both, whose comparison takes the same time for all.
            let code = HMAC<SHA256>.authenticationCode(for: Array(token.utf8), using: key)
            guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: key) else {
                throw .unauthorised(why: "the token is not the webhook's secret")
            }
        } else {
            throw .unauthorised(why: "X-Hub-Signature-256 or X-Gitlab-Token is needed")
        }
    }
}

/// Why the secret of webhooks cannot be used.
enum WebhookSecretError: RollerError, Hashable {
    case unreadable(FileError)
    case isOpen(FilePath)
    case tooShort(FilePath)

    var message: String {
        switch self {
        case .unreadable(let error): error.message
        case .isOpen(let path): "others than its owner may read or write \(path)"
        case .tooShort(let path): "the first line of \(path) has fewer than 16 bytes"
        }
    }

    var hint: String? {
        switch self {
        case .unreadable: nil
        case .isOpen(let path): "chmod 600 \(path)"
        case .tooShort: "`openssl rand -hex 32` makes a good one"
        }
    }
}

extension HTTPField.Name {
    fileprivate static let hubSignature = known("X-Hub-Signature-256")
    fileprivate static let gitlabToken = known("X-Gitlab-Token")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a name") }
        return name
    }
}

extension [UInt8] {
    /// Nil unless `text` is pairs of hexadecimal digits.
    fileprivate init?(hexadecimal text: Substring) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
