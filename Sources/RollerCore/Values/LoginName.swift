/// The login name of a person: `ann` in `users/ann.yml`. It follows useradd(8) and is no account that the system has.
public struct LoginName: ValidatedText {
    public static let rule = "lower-case letters, digits, _ and -, beginning with a letter or _, 32 at most"
    public let rawValue: String
    public init?(rawValue: String) {
        guard isAccountName(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

/// Names and numbers of accounts that are not for people.
enum SystemAccounts {
    /// Users that every Debian has (base-passwd, /usr/share/base-passwd/passwd.master) or that systemd and sshd make.
    static let users: Set<String> = [
        "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy", "www-data",
        "backup", "list", "irc", "gnats", "_apt", "nobody", "messagebus", "sshd", "systemd-network", "systemd-resolve",
        "systemd-timesync", "systemd-coredump",
    ]
    /// Groups that every Debian has (base-passwd, /usr/share/base-passwd/group.master) or that systemd makes.
    static let groups: Set<String> = [
        "root", "daemon", "bin", "sys", "adm", "tty", "disk", "lp", "mail", "news", "uucp", "man", "proxy", "kmem",
        "dialout", "fax", "voice", "cdrom", "floppy", "tape", "sudo", "audio", "dip", "www-data", "backup", "operator",
        "list", "irc", "src", "gnats", "shadow", "utmp", "video", "sasl", "plugdev", "staff", "games", "users",
        "nogroup", "input", "kvm", "render", "sgx", "crontab", "messagebus", "systemd-journal", "systemd-network",
        "systemd-resolve", "systemd-timesync", "systemd-coredump", "wheel",
    ]

    /// Whether a uid or gid is for people: from 1000 on (Debian policy 9.2.2), and none of systemd's dynamic users,
    /// `nobody`, or -1 in 16 or 32 bits (systemd, UIDS-GIDS).
    static func isForPeople(_ id: Int) -> Bool {
        id >= 1000 && !(61_184...65_535).contains(id) && id < 4_294_967_294
    }
}
