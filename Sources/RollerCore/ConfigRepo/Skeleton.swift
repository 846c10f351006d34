internal import OrderedCollections

/// The first text of a new file of a repository: it lints as it is, and shows what else may be written.
public enum Skeleton {
    /// The files of a new repository.
    public static let repository = [
        file(
            RepoRoot.path,
            """
            # The marker of a config repository's root.
            format: \(RepoRoot.format)
            # limits: {hosts-per-commit: 100}        # above it a commit must say `Roller-Hosts: N`
            # waves: {web: [1, 10%, 50%, 100%]}      # `rollerctl promote web@RELEASE` takes the next one

            """),
        // What is committed is what hosts get: git must not change a byte on the way.
        file(".gitattributes", "* -text\n"),
        file(
            "README.md",
            """
            # Configuration of our hosts

            - `datacenters/` values for the hosts in one place
            - `hostclasses/` kinds of hosts; the files of each in `files/`
            - `hosts/` the hosts: which class, at which release, where
            - `users/`, `groups/` people

            Start with `rollerctl new datacenter`, `rollerctl new hostclass`, `rollerctl lock`, `rollerctl release` and
            `rollerctl new host`. `rollerctl lint` finds what is wrong; `rollerctl hook install` lets git ask it.

            """),
    ]

    /// A datacenter.
    public static func datacenter(_ name: DatacenterName, platform: Platform, configServers: [String]) -> RepoFile {
        var fields: OrderedDictionary<String, Value> = ["platform": .string(platform.rawValue)]
        if !configServers.isEmpty { fields["config-servers"] = .list(configServers.map(Value.string)) }
        let servers =
            configServers.isEmpty ? "# config-servers: [https://config1.\(name).example.com:8443]\n" : ""
        return file(
            "datacenters/\(name).yml",
            "# Values for every host in \(name). A datacenter installs nothing.\n" + Value.map(fields).yaml + servers
                + "# settings: {ntp: [10.1.0.1]}\n")
    }

    /// A class that installs nothing yet.
    public static func hostclass(_ name: HostclassName) -> RepoFile {
        file(
            "hostclasses/\(name).yml",
            """
            # What a host of the class '\(name)' is. Its files go below files/\(name)/, at their paths below the prefix.
            packages: {}                     # exact versions: {nginx: 1.25.3-2}
            settings: {}                     # defaults, which fix the types: {workers: 4}
            # required: {upstreams: list}    # no default: the datacenter or the host must set them
            # services:
            #   nginx:
            #     systemd: nginx.service
            #     uses: [nginx, etc/nginx]   # a change in none of them leaves it running
            #     check: {http: "http://127.0.0.1:8080/healthz", within: 10s}
            # access: {login: [ops], sudo: [ops]}

            """)
    }

    /// A host.
    /// - Parameter missing: Settings that its class requires and that its datacenter does not set.
    public static func host(
        _ name: HostName, on release: ReleaseReference, in datacenter: DatacenterName, missing: [RequiredSetting]
    ) -> RepoFile {
        var text = "hostclass: \(release)\ndatacenter: \(datacenter)\n"
        if !missing.isEmpty {
            let values = missing.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.type.empty) }
            let settings = Value.map(["settings": .map(OrderedDictionary(uniqueKeysWithValues: values))]).yaml
            text += "# Required by the class: fill them in.\n" + settings
        }
        return file("hosts/\(name).yml", text)
    }

    /// A person.
    public static func user(_ name: LoginName, uid: Int, fullName: String?, keys: [String]) -> RepoFile {
        var fields: OrderedDictionary<String, Value> = ["uid": .int(uid)]
        if let fullName { fields["name"] = .string(fullName) }
        if !keys.isEmpty { fields["keys"] = .list(keys.map(Value.string)) }
        let note = keys.isEmpty ? "# keys:\n#   - ssh-ed25519 AAAA... \(name)@example.com\n" : ""
        return file("users/\(name).yml", Value.map(fields).yaml + note)
    }

    /// A group of people.
    public static func group(_ name: GroupName, gid: Int, members: [LoginName]) -> RepoFile {
        file(
            "groups/\(name).yml",
            "gid: \(gid)\nmembers: [" + members.map(\.rawValue).joined(separator: ", ") + "]\n")
    }

    private static func file(_ path: String, _ text: String) -> RepoFile {
        RepoFile(path: path, bytes: Array(text.utf8))
    }
}

extension ConfigRepo {
    /// A number that no user has or had: one more than the highest.
    public var nextUID: Int { (users.values.map(\.uid) + [firstNumber - 1]).max().map { $0 + 1 } ?? firstNumber }

    /// A number that no group has: one more than the highest.
    public var nextGID: Int {
        (userGroups.values.map(\.gid) + [firstNumber - 1]).max().map { $0 + 1 } ?? firstNumber
    }

    /// Above what machines hand out by themselves to their first users.
    private var firstNumber: Int { 2000 }
}

extension ValueType {
    /// A value of this type that says nothing.
    fileprivate var empty: Value {
        switch self {
        case .string: .string("")
        case .int: .int(0)
        case .bool: .bool(false)
        case .list: .list([])
        case .map: .map([:])
        }
    }
}
