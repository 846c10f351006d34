internal import RollerCore

extension Operation {
    /// Every operation of the API. Pages for people are none.
    static let all: [Operation] = hosts + hostclasses + datacenters + people + questions + packages + fleet + service

    private static let hosts: [Operation] = [
        .view(
            "/v1/hosts", "The hosts.", .list(.reference("HostSummary")),
            ["hostclass", "datacenter", "release", "platform"]),
        .view("/v1/hosts/{host}", "A host's file.", .value(.reference("Host"))),
        .view(
            "/v1/hosts/{host}/effective", "A host's settings, each with where it was set.",
            .value(
                .named(
                    .object([
                        ("value", .any), ("level", .text), ("file", .text), ("line", .count), ("revision", .revision),
                        ("outranked", .list(.reference("Origin"))),
                    ])))),
        .view(
            "/v1/hosts/{host}/bundle",
            "All that decides a host, from one commit. The ETag is the digest of the JSON.", .value(.map)),
        .view(
            "/v1/hosts/{host}/files", "The files of a host's class as they will be on it.",
            .value(
                .list(.object([("path", .text), ("mode", .text), ("size", .count), ("digest", .digest)])))),
        .view(
            "/v1/hosts/{host}/files/{path}",
            "One of these files. Slashes in the path may be percent-encoded, and need not be.",
            .bytes(["text/plain; charset=utf-8", "application/octet-stream"])),
        .view("/v1/hosts/{host}/diff/{other}", "What differs between two hosts.", .diff(.reference("Diff"))),
        .view(
            "/v1/hosts/{host}/users",
            "All that decides a host's accounts, from one commit. The ETag is the digest of the JSON.",
            .value(.reference("HostUsers"))),
    ]

    private static let hostclasses: [Operation] = [
        .view("/v1/hostclasses", "The classes, each with its number of hosts.", .list(.reference("NameAndHosts"))),
        .view(
            "/v1/hostclasses/{class}", "A class's file, as it stands or at a release.", .value(.reference("Hostclass"))),
        .view(
            "/v1/hostclasses/{class}/hosts", "The hosts of a class, or of one release of it.",
            .list(.reference("HostSummary"))),
        .view(
            "/v1/hostclasses/{class}/files.tar",
            "The files of a class, templates unrendered: the same files, the same bytes.", .bytes(["application/x-tar"])
        ),
        .read(
            "/v1/hostclasses/{class}/releases", "The releases of a class.",
            .list(.object([("name", .text), ("commit", .revision), ("time", .text), ("message", .text)])),
            query: ["format", "limit", "after"], statuses: [304, 400, 404]),
        .view(
            "/v1/hostclasses/{class}/diff/{other}",
            "What differs between two releases of a class, or between a release and the class as it stands.",
            .diff(.reference("Diff"))),
    ]

    private static let datacenters: [Operation] = [
        .view("/v1/datacenters", "The datacenters, each with its number of hosts.", .list(.reference("NameAndHosts"))),
        .view("/v1/datacenters/{datacenter}", "A datacenter's file.", .value(.reference("Datacenter"))),
        .view(
            "/v1/datacenters/{datacenter}/hosts", "The hosts in a datacenter.", .list(.reference("HostSummary"))),
    ]

    private static let people: [Operation] = [
        .view(
            "/v1/users", "The people.",
            .list(
                .object([
                    ("name", .text), ("uid", .count), ("full-name?", .text), ("state", .text), ("groups", .list(.text)),
                ])), ["group", "state"]),
        .view(
            "/v1/users/{user}", "A person's file.",
            .value(
                .object([
                    ("uid", .count), ("name?", .text), ("shell?", .text), ("keys?", .list(.text)), ("state?", .text),
                ]))),
        .view(
            "/v1/users/{user}/hosts", "The hosts that a person gets onto, and what they may do there.",
            .list(
                .object([
                    ("name", .text), ("release", .text), ("datacenter", .text), ("login", .bool), ("sudo", .bool),
                ]))),
        .view("/v1/users/{user}/home.tar", "A person's dotfiles.", .bytes(["application/x-tar"])),
        .view(
            "/v1/groups", "The groups of people.",
            .list(.object([("name", .text), ("gid", .count), ("members", .count)]))),
        .view(
            "/v1/groups/{group}", "A group's file.",
            .value(.object([("gid", .count), ("members?", .list(.text))]))),
    ]

    private static let questions: [Operation] = [
        .read(
            "/v1/uses",
            "Who has to do with a thing: the places that speak of it, and the hosts that it reaches. Exactly one of package, setting, file, user, group and release is asked for; version goes with package.",
            .value(
                .object([
                    ("kind", .text), ("name", .text), ("version?", .text), ("places", .list(.reference("Place"))),
                    ("count", .count), ("hosts", .list(.text)),
                ])),
            query: UsesRoutes.things + ["version", "at", "format", "limit", "after"],
            statuses: [304, 400, 404, 409, 422]),
        .read(
            "/v1/search", "Names that hold a text, the best first.",
            .value(
                .object([
                    ("query", .text), ("counts", .named(.count)),
                    ("hits", .list(.object([("kind", .text), ("name", .text), ("href", .text)]))),
                ])), query: ["q", "kind", "limit", "at", "format"], required: ["q"],
            statuses: [304, 400, 404, 409, 422]),
        .read(
            "/v1/diff/{range}",
            "What one commit makes of another, for all hosts: hosts with the same diff together, then what it comes to by class, service and person.",
            .diff(.reference("RangeDiff")), query: ["format", "details"], statuses: [304, 400, 404, 409, 422]),
    ]

    private static let package = "/v1/packages/{name}/{version}/{platform}"
    private static let packages: [Operation] = [
        .read(
            "/v1/packages", "The names of the packages that are there.", .list(.text),
            query: ["format", "limit", "after"], statuses: [304, 400]),
        .read(
            "/v1/packages/{name}", "The versions of a package, each with its platforms.",
            .list(.object([("version", .text), ("platforms", .list(.text))])), query: ["format", "limit", "after"],
            statuses: [304, 400, 404]),
        .read(package, "A package's manifest.", .bytes(["text/plain; charset=utf-8"]), statuses: [304, 400, 404]),
        .read(
            "\(package)/manifest", "A package's manifest.", .bytes(["text/plain; charset=utf-8"]),
            statuses: [304, 400, 404]),
        .read(
            "\(package)/archive", "A package's archive. It never changes.", .archive,
            statuses: [206, 304, 400, 404, 416]),
        .put(
            "\(package)/archive", "Publishes an archive: the first of two steps.",
            Upload(type: "application/octet-stream", headers: ["Roller-Digest"])),
        .put(
            "\(package)/manifest", "Publishes a manifest, which makes the package: the second of two steps.",
            Upload(type: "text/plain", headers: [])),
        .read(
            "/v1/replication",
            "Where packages are, by datacenter: since when, and how many milliseconds after it was announced, or what it waits for. With package, those of a name, a version or a build alone.",
            .value(
                .object([
                    ("bucket?", .text), ("server?", .text), ("age?", .count), ("failure?", .text),
                    ("failures?", .count), ("servers", .list(.text)),
                    (
                        "packages",
                        .list(
                            .object([
                                ("package", .text),
                                (
                                    "datacenters",
                                    .named(
                                        .object([
                                            ("since?", .text), ("milliseconds?", .count), ("waits-for?", .text),
                                        ]))
                                ),
                            ]))
                    ),
                ])), query: ["package", "format", "limit", "after"], statuses: [304, 400]),
    ]

    private static let receipt = Schema.object([
        ("received", .text), ("started", .text), ("ended", .text), ("clockAhead?", .count),
        ("receipt", .reference("Receipt")),
    ])
    private static let fleet: [Operation] = [
        .read(
            "/v1/fleet", "How the hosts are doing: how many in each bucket, by class, datacenter and release.",
            .diff(
                .object([
                    ("revision", .revision), ("known", .count), ("silentAfter", .count), ("buckets", .named(.count)),
                    ("hostclasses", .map), ("datacenters", .map), ("releases", .map), ("hosts", .list(.map)),
                    ("next?", .text),
                ])), query: ["hostclass", "datacenter", "release", "bucket", "after", "limit", "format"],
            statuses: [304, 400, 404]),
        .read(
            "/v1/receipts", "The newest receipt of each host, or those of one.", .list(receipt),
            query: ["host", "limit", "after", "format"], statuses: [304, 400, 404]),
        .post(
            "/v1/receipts", "Hands in what a host did in a roll.",
            .value(.object([("host", .text), ("receipt", .text)])), scope: .receipts,
            Upload(type: "application/json", schema: .reference("Receipt"), headers: [])),
        .read(
            "/v1/receipts/{host}", "A host's newest receipt.", .value(receipt), query: ["format"],
            statuses: [304, 400, 404]),
        .read(
            "/v1/hosts/{host}/history", "A host's receipts, the newest first.", .list(receipt),
            query: ["limit", "before", "format"], statuses: [304, 400, 404]),
    ]

    private static let service: [Operation] = [
        .read("/healthz", "The process answers.", .bytes(["text/plain; charset=utf-8"]), statuses: [304, 400]),
        .read(
            "/readyz", "Whether the newest commit is served, and if not, why.", .json(.reference("Standing")),
            statuses: [304, 400, 503]),
        .read(
            "/metrics", "Figures for Prometheus.", .bytes(["text/plain; version=0.0.4; charset=utf-8"]),
            statuses: [304, 400]),
        .post(
            "/v1/refresh", "Looks at the repository now. From the server's own machine no token is needed.",
            .value(.reference("Standing")), scope: .refresh),
        .webhook("/v1/webhook", "The upstream's server says that somebody pushed; what it sends is signed."),
        .read("/openapi.yaml", "This.", .bytes(["application/yaml"]), statuses: [304, 400]),
        .read("/openapi.json", "This, as JSON.", .json(.map), statuses: [304, 400]),
    ]
}
