/// The name of a hostclass: `web` in `hostclasses/web.yml`.
public struct HostclassName: ValidatedText {
    public static let rule = "lower-case letters, digits and hyphens, beginning with a letter, 63 at most"
    public let rawValue: String
    public init?(rawValue: String) {
        guard isPlainName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

/// The name of a datacenter: `snc1` in `datacenters/snc1.yml`.
public struct DatacenterName: ValidatedText {
    public static let rule = HostclassName.rule
    public let rawValue: String
    public init?(rawValue: String) {
        guard isPlainName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

/// The name of a group of people: `ops` in `groups/ops.yml`.
public struct GroupName: ValidatedText {
    public static let rule = "lower-case letters, digits and hyphens, beginning with a letter, 32 at most"
    public let rawValue: String
    public init?(rawValue: String) {
        guard isPlainName(rawValue), rawValue.utf8.count <= 32 else { return nil }
        self.rawValue = rawValue
    }
}

/// The name of a service of a hostclass: `nginx` below `services`.
public struct ServiceName: ValidatedText {
    public static let rule = HostclassName.rule
    public let rawValue: String
    public init?(rawValue: String) {
        guard isPlainName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

/// The name of a package: as other names, and `+` (`libstdc++`).
public struct PackageName: ValidatedText {
    public static let rule = "lower-case letters, digits, hyphens and +, beginning with a letter, 63 at most"
    public let rawValue: String
    public init?(rawValue: String) {
        guard
            NameBytes.match(
                rawValue, limit: 63, first: NameBytes.isLower,
                rest: {
                    NameBytes.isLower($0) || NameBytes.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+")
                })
        else { return nil }
        self.rawValue = rawValue
    }
}

/// The version of a package: opaque text, compared for equality alone. `6.10` is not `6.1`.
public struct PackageVersion: ValidatedText {
    public static let rule = "letters, digits and . _ + ~ -, beginning with a letter or digit, 128 at most"
    public let rawValue: String
    public init?(rawValue: String) {
        guard
            NameBytes.match(
                rawValue, limit: 128, first: NameBytes.isAlphanumeric,
                rest: { NameBytes.isAlphanumeric($0) || "._+~-".utf8.contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }
}

/// What a host's machine is, or a package is built for: `debian-12-x86_64`; `any` for packages that fit every machine.
public struct Platform: ValidatedText {
    public static let rule = "lower-case letters, digits and . _ -, beginning with a letter, 63 at most"
    /// The platform of packages without machine code.
    public static let any = Platform(unchecked: "any")
    public let rawValue: String
    public init?(rawValue: String) {
        guard
            NameBytes.match(
                rawValue, limit: 63, first: NameBytes.isLower,
                rest: { NameBytes.isLower($0) || NameBytes.isDigit($0) || "._-".utf8.contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }
    private init(unchecked: String) { rawValue = unchecked }
}

/// The full name of a host: labels of letters, digits and inner hyphens, joined by dots (RFC 1123), in lower case.
public struct HostName: ValidatedText {
    public static let rule =
        "a DNS name: labels of lower-case letters, digits and inner hyphens, 63 at most each, 253 in all"
    public let rawValue: String
    public init?(rawValue: String) {
        let labels = rawValue.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isLabel = { (label: Substring.UTF8View) in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { NameBytes.isLower($0) || NameBytes.isDigit($0) || $0 == UInt8(ascii: "-") }
        }
        guard rawValue.utf8.count <= 253, labels.allSatisfy(isLabel) else { return nil }
        self.rawValue = rawValue
    }
}

/// The name of a setting: what templates call it.
public struct SettingKey: ValidatedText {
    public static let rule =
        "letters, digits, _ and -, beginning with a letter, 63 at most; `roller` is taken for roller.host and its like"
    public let rawValue: String
    public init?(rawValue: String) {
        guard
            NameBytes.match(
                rawValue, limit: 63, first: { NameBytes.isLower($0) || NameBytes.isUpper($0) },
                rest: { NameBytes.isAlphanumeric($0) || "_-".utf8.contains($0) }), rawValue != "roller"
        else { return nil }
        self.rawValue = rawValue
    }
}

/// What follows the `@` of a release: opaque text that can end a git tag's name (git-check-ref-format).
public struct ReleaseVersion: ValidatedText {
    public static let rule =
        "letters, digits and . _ + -, beginning with a letter or digit, without `..`, not ending in `.` or `.lock`, no commit"
    public let rawValue: String
    public init?(rawValue: String) {
        guard
            NameBytes.match(
                rawValue, limit: 100, first: NameBytes.isAlphanumeric,
                rest: { NameBytes.isAlphanumeric($0) || "._+-".utf8.contains($0) }),
            !rawValue.contains(".."), !rawValue.hasSuffix("."), !rawValue.hasSuffix(".lock"),
            Revision(rawValue: rawValue) == nil
        else { return nil }
        self.rawValue = rawValue
    }
}

/// The id of a git commit: 40 lower-case hexadecimal digits.
public struct Revision: ValidatedText {
    public static let rule = "40 lower-case hexadecimal digits"
    public let rawValue: String
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 40, rawValue.utf8.allSatisfy(isLowerHex) else { return nil }
        self.rawValue = rawValue
    }
    /// The first twelve digits, for people.
    public var short: String { String(rawValue.prefix(12)) }
}

func isLowerHex(_ byte: UInt8) -> Bool {
    NameBytes.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

private func isPlainName(_ text: String) -> Bool {
    NameBytes.match(
        text, limit: 63, first: NameBytes.isLower,
        rest: { NameBytes.isLower($0) || NameBytes.isDigit($0) || $0 == UInt8(ascii: "-") })
}
