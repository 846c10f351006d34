internal import RollerCore

/// What lies where in the bucket that config servers share:
///
///     archives/HEX                              an archive, by its digest
///     manifests/NAME/VERSION/PLATFORM           what makes a package exist: put last, and once
///     live/log/MILLISECONDS-CHANCE@NAME@VERSION@PLATFORM    says that a manifest is about to come
///     live/status/DATACENTER/SERVER/seen        written now and then by a server that lives
///     live/status/DATACENTER/SERVER/SHARD.json  what a server has, and what it waits for
///
/// One bounded list of `live/` from a moment ago on tells a server all that is new.
struct BucketLayout: Hashable, Sendable {
    /// What all keys begin with: nothing, or a text that ends in a slash.
    let prefix: String

    func archive(_ digest: Digest) -> String { "\(prefix)archives/\(digest.hex)" }
    func manifest(_ key: PackageKey) -> String { "\(prefix)manifests/\(key)" }
    var manifests: String { "\(prefix)manifests/" }
    var live: String { "\(prefix)live/" }
    var log: String { "\(prefix)live/log/" }
    var probe: String { "\(prefix)probe/" }

    /// Everything that was announced since then comes after this key, and so do all statuses.
    func logStart(since milliseconds: Int) -> String { log + Self.digits(milliseconds) }

    func announcement(of key: PackageKey, at milliseconds: Int) -> String {
        // Two servers may announce one package in the same instant.
        let chance = String(UInt32.random(in: .min ... .max), radix: 16)
        return "\(log)\(Self.digits(milliseconds))-\(chance)@\(key.name)@\(key.version)@\(key.platform)"
    }

    func status(of server: ServerIdentity, _ name: String) -> String {
        "\(prefix)live/status/\(server.datacenter)/\(server.name)/\(name)"
    }

    /// Thirteen digits last until the year 2286, and sort as numbers do.
    private static func digits(_ milliseconds: Int) -> String {
        let text = "\(max(0, milliseconds))"
        return String(repeating: "0", count: max(0, 13 - text.utf8.count)) + text
    }

    /// What a key below `live/` stands for; nil for what is none of ours.
    func entry(_ key: String) -> LiveEntry? {
        guard key.hasPrefix(live) else { return nil }
        let rest = key.dropFirst(live.count)
        if rest.hasPrefix("log/") {
            let parts = rest.dropFirst(4).split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 4, let time = Int(parts[0].prefix { $0 != "-" }),
                let name = PackageName(String(parts[1])),
                let version = PackageVersion(String(parts[2])), let platform = Platform(String(parts[3]))
            else { return nil }
            return .announcement(PackageKey(name: name, version: version, platform: platform), at: time)
        }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "status", let datacenter = DatacenterName(String(parts[1])),
            let server = ServerIdentity(datacenter: datacenter, name: String(parts[2]))
        else { return nil }
        return .status(server, String(parts[3]))
    }

    /// The package that a key below `manifests/` is of.
    func package(_ key: String) -> PackageKey? {
        guard key.hasPrefix(manifests) else { return nil }
        return PackageKey(path: key.dropFirst(manifests.count))
    }
}

/// What lies below `live/`.
enum LiveEntry: Hashable, Sendable {
    case announcement(PackageKey, at: Int)
    case status(ServerIdentity, String)
}

/// Which server of which datacenter.
struct ServerIdentity: Hashable, Sendable, CustomStringConvertible {
    let datacenter: DatacenterName
    let name: String

    /// Nil where the name could not stand in a key.
    init?(datacenter: DatacenterName, name: String) {
        guard (1...128).contains(name.utf8.count),
            name.utf8.allSatisfy({
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        self.datacenter = datacenter
        self.name = name
    }

    var description: String { "\(datacenter)/\(name)" }
}

extension PackageKey {
    /// Reads `NAME/VERSION/PLATFORM`.
    init?(path: some StringProtocol) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let name = PackageName(String(parts[0])),
            let version = PackageVersion(String(parts[1])),
            let platform = Platform(String(parts[2]))
        else { return nil }
        self.init(name: name, version: version, platform: platform)
    }
}
