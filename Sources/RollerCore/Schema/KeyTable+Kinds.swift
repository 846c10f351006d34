extension RepoRoot {
    static let keys = KeyTable([
        .init("format", .int(format...format), "The format of the repository.", isRequired: true),
        .init("limits", .map(limitKeys), "What one commit, and one run on a host, may do."),
        .init(
            "waves", .named(.hostclass, .list(.either(.int(1...Int.max), .text(.share)))),
            "By class, the steps by which a release reaches its hosts: `web: [1, 10%, 50%, 100%]`."),
        .init(
            "protected-accounts", .list(.text(.login)),
            "Accounts of hosts that `roll users` never touches, beside root and the system's own."),
    ])
    static let limitKeys = KeyTable([
        .init(
            "hosts-per-commit", .int(1...1_000_000_000),
            "Above this number of hosts a commit must say how many it touches: `Roller-Hosts: N`."),
        .init(
            "removals-per-host", .int(1...1_000_000),
            "How many accounts one run of `roll users` may remove from a host; 5 when nothing is said."),
    ])
}

extension Datacenter {
    static let keys = KeyTable([
        .init("platform", .text(.machine), "What the machines are, unless a host states its own."),
        .init("config-servers", .list(.text(.server)), "The addresses of its config servers, in the order tried."),
        .init("settings", .named(.setting, .value), "Values for the hosts of every class in it."),
    ])
}

extension Host {
    static let keys = KeyTable([
        .init("hostclass", .text(.release), "Its class, at a release: `web@2026.11.22-1`.", isRequired: true),
        .init("datacenter", .text(.datacenter), "Where it stands.", isRequired: true),
        .init("platform", .text(.machine), "What its machine is, where that is not the datacenter's."),
        .init("settings", .named(.setting, .value), "What differs from its class and its datacenter."),
        .init("access", .map(Hostclass.Access.keys), "Groups that get onto it beside those of its class."),
    ])
}

extension Hostclass {
    static let keys = KeyTable([
        .init("packages", .named(.package, .verbatim(.packageVersion)), "What is installed, at exact versions."),
        .init("settings", .named(.setting, .value), "Defaults; each also fixes the setting's type."),
        .init(
            "required", .named(.setting, .word(ValueType.allCases.map(\.rawValue))),
            "Settings without a default, by type: the datacenter or the host must set them."),
        .init("services", .named(.service, .map(Service.keys)), "What runs, in the order it starts."),
        .init("keep", .list(.text(.path)), "Paths below the prefix whose data outlives rolls."),
        .init("modes", .named(.path, .text(.mode)), "Modes and owners other than 0644 or 0755 and root:root."),
        .init("access", .map(Access.keys), "Which groups get onto its hosts."),
        .init("downtime-budget", .text(.timeSpan), "How long its services may be down in one roll."),
    ])
}

extension Hostclass.Access {
    static let keys = KeyTable([
        .init("login", .list(.text(.group)), "Groups that may log in."),
        .init("sudo", .list(.text(.group)), "Groups that may log in and become root."),
    ])
}

extension Service {
    static let keys = KeyTable(
        [
            .init("systemd", .text(.unit), "The unit that systemd starts and stops."),
            .init("start", .arguments, "Starts it, where there is no unit."),
            .init("stop", .arguments, "Stops it."),
            .init("reload", .arguments, "Lets it read its files anew."),
            .init(
                "reload-on", .list(.text(.path)),
                "Paths that it reads anew: where nothing else changed, it is reloaded."),
            .init("timeout", .text(.timeSpan), "How long each of these commands may take."),
            .init("uses", .list(.text(.use)), "Packages and paths; a change in none of them leaves it running."),
            .init("validate", .arguments, "Accepts or refuses the new tree, before anything stops."),
            .init(
                "check", .either(.map(HealthCheck.keys), .list(.map(HealthCheck.keys))),
                "What must pass for it to count as healthy; all of them."),
        ], oneOf: ["systemd", "start"])
}

extension HealthCheck {
    static let keys = KeyTable(
        [
            .init("http", .text(.http), "A GET of this address answers with a status from 200 to 299."),
            .init("tcp", .text(.tcp), "A connection to host:port is accepted."),
            .init("run", .arguments, "The command exits with 0."),
            .init("within", .text(.timeSpan), "How long after the start it may take to pass."),
        ], oneOf: ["http", "tcp", "run"])
}

extension Lock {
    static let keys = KeyTable([
        .init("lock", .int(1...1), "The format of the lock.", isRequired: true),
        .init("packages", .named(.package, .map(packageKeys)), "The locked packages.", isRequired: true),
    ])
    static let packageKeys = KeyTable([
        .init("version", .verbatim(.packageVersion), "The version that was locked.", isRequired: true),
        .init("platforms", .named(.platform, .map(buildKeys)), "Its builds.", isRequired: true),
    ])
    static let buildKeys = KeyTable([
        .init("archive", .text(.digest), "The digest of the archive.", isRequired: true),
        .init("size", .int(0...Int.max), "The size of the archive in bytes.", isRequired: true),
        .init("manifest", .text(.digest), "The digest of the manifest.", isRequired: true),
    ])
}

extension User {
    static let keys = KeyTable([
        .init(
            "uid", .int(1000...4_294_967_293), "The number of the account, on every host and for ever.",
            isRequired: true),
        .init("name", .text(.fullName), "What the person is called."),
        .init("shell", .text(.absolutePath), "The login shell."),
        .init("keys", .list(.text(.sshKey)), "The SSH keys that let the person in."),
        .init("state", .word(State.allCases.map(\.rawValue)), "`gone` for one who has left; the file stays."),
    ])
}

extension UserGroup {
    static let keys = KeyTable([
        .init("gid", .int(1000...4_294_967_293), "The number of the group, on every host.", isRequired: true),
        .init("members", .list(.text(.login)), "Who is in it."),
    ])
}
