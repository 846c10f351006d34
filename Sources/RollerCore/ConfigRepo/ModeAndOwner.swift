internal import YAMLDocument

/// Mode bits and owner of a file: `0640 root:nginx`.
public struct ModeAndOwner: ValidatedText {
    public static let rule = "four octal digits, and an owner if it is not root: \"0640 root:nginx\""
    /// The low nine bits and, where declared, setuid, setgid and sticky.
    public let permissions: UInt16
    /// The owner's name; `root` unless another is declared.
    public let user: String
    /// The group's name; `root` unless another is declared.
    public let group: String

    public var rawValue: String {
        let mode = ModeAndOwner.octal(permissions)
        return user == "root" && group == "root" ? mode : "\(mode) \(user):\(group)"
    }

    /// `0644`, or `0755` for what can be run: what git itself can say.
    public init(executable: Bool) {
        permissions = executable ? 0o755 : 0o644
        user = "root"
        group = "root"
    }

    public init?(rawValue: String) {
        let parts = rawValue.split(separator: " ", omittingEmptySubsequences: false)
        guard let octal = parts.first, octal.utf8.count == 4, octal.utf8.first == UInt8(ascii: "0"),
            let permissions = UInt16(octal, radix: 8), parts.count <= 2
        else { return nil }
        self.permissions = permissions
        guard parts.count == 2 else {
            user = "root"
            group = "root"
            return
        }
        let owner = parts[1].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard owner.count == 2, owner.allSatisfy(isAccountName) else { return nil }
        user = owner[0]
        group = owner[1]
    }
}

/// Account names as useradd(8) takes them: `[a-z_][a-z0-9_-]*`, 32 at most.
func isAccountName(_ text: String) -> Bool {
    NameBytes.match(
        text, limit: 32, first: { NameBytes.isLower($0) || $0 == UInt8(ascii: "_") },
        rest: { NameBytes.isLower($0) || NameBytes.isDigit($0) || "_-".utf8.contains($0) })
}
