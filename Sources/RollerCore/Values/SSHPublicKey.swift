internal import FoundationEssentials

/// A line of `authorized_keys` without options: a type, the key in base64, and maybe a comment (sshd(8)).
public struct SSHPublicKey: Hashable, Sendable {
    /// The whole line, single blanks between its parts.
    public let text: String
    /// The type and the key, without the comment: what makes two lines one key.
    public let identity: String

    /// The types that are taken. DSA is left out, which OpenSSH dropped, and certificates, which are no keys.
    static let types = [
        "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa",
    ]
    /// Bits of an RSA key's modulus: the least that NIST SP 800-131A allows.
    static let leastBits = 2048

    /// Reads a line as `ssh-keygen` writes it into a `.pub` file.
    static func read(_ line: String) -> Result<SSHPublicKey, SSHKeyProblem> {
        if line.contains("PRIVATE KEY") {
            return .failure(
                .init("this is a private key", hint: "take it out of git's history, make a new pair, write its .pub"))
        }
        guard line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
            return .failure(.init("the key is more than one line", hint: "write one line for each key"))
        }
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true).map(String.init)
        guard let type = parts.first else {
            return .failure(.init("the key is empty", hint: "write the line of a .pub file, or remove this one"))
        }
        guard types.contains(type) else { return .failure(problem(withType: type, line)) }
        guard parts.count > 1 else {
            return .failure(
                .init("'\(type)' is followed by no key", hint: "write the whole line of a .pub file"))
        }
        guard let data = Data(base64Encoded: parts[1]) else {
            return .failure(
                .init("the part after '\(type)' is not base64", hint: "copy the line of the .pub file again, whole"))
        }
        var fields = WireFields(Array(data))
        if let problem = fields.problem(ofType: type) { return .failure(problem) }
        return .success(SSHPublicKey(text: parts.joined(separator: " "), identity: "\(type) \(parts[1])"))
    }

    private static func problem(withType type: String, _ line: String) -> SSHKeyProblem {
        if type == "ssh-dss" {
            return .init("the key is of type ssh-dss, which sshd no longer takes", hint: "use a key of ssh-ed25519")
        }
        if type.hasSuffix("-cert-v01@openssh.com") {
            return .init("'\(type)' is a certificate and no key", hint: "write the public key that it certifies")
        }
        let words = line.split { $0 == " " || $0 == "," }
        if words.contains(where: { types.contains(String($0)) }) {
            return .init("the key begins with options", hint: "begin with its type, such as \(types[0])")
        }
        let near = nearestName(to: type, among: types).map { "did you mean '\($0)'?" }
        return .init(
            "'\(type)' is no type of an SSH public key",
            hint: near ?? "write the line of a .pub file; `ssh-keygen -t ed25519` makes one")
    }
}

/// Why a text is no public key that can be used.
struct SSHKeyProblem: Error {
    let message: String
    let hint: String

    init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}

/// The fields of a public key: strings with their length before them (RFC 4251, section 5).
private struct WireFields {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// What is wrong with the key, or nil. The base64 of a cut line is often valid base64 still.
    mutating func problem(ofType type: String) -> SSHKeyProblem? {
        let damaged = SSHKeyProblem(
            "the key is cut off or damaged", hint: "copy the line of the .pub file again, whole")
        guard let name = next() else { return damaged }
        guard name.elementsEqual(type.utf8) else {
            let inside = String(decoding: name.prefix(64), as: UTF8.self)
            return .init("the line says '\(type)', and the key in it '\(inside)'", hint: "copy the whole line again")
        }
        var fields: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            guard let field = next() else { return damaged }
            fields.append(field)
        }
        let isWhole =
            switch type {
            case "ssh-ed25519": fields.map(\.count) == [32]
            case "sk-ssh-ed25519@openssh.com": fields.count == 2 && fields[0].count == 32
            case "ecdsa-sha2-nistp256": fields.map(\.count) == [8, 65]
            case "ecdsa-sha2-nistp384": fields.map(\.count) == [8, 97]
            case "ecdsa-sha2-nistp521": fields.map(\.count) == [8, 133]
            case "sk-ecdsa-sha2-nistp256@openssh.com": fields.count == 3 && fields[1].count == 65
            default: fields.count == 2
            }
        guard isWhole else { return damaged }
        guard type == "ssh-rsa" else { return nil }
        let modulus = fields[1].drop { $0 == 0 }
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits < SSHPublicKey.leastBits else { return nil }
        return .init(
            "the RSA key has \(bits) bits, and \(SSHPublicKey.leastBits) are the least",
            hint: "use a key of ssh-ed25519")
    }

    private mutating func next() -> ArraySlice<UInt8>? {
        guard rest.count >= 4 else { return nil }
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }
}
