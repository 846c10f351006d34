internal import RollerCore

/// A part of an address, or of a query, that takes many values: the same wherever it has that name.
struct Parameter: Sendable {
    let schema: Schema
    let description: String
    let example: Value

    private init(_ schema: Schema, _ description: String, _ example: Value) {
        self.schema = schema
        self.description = description
        self.example = example
    }

    private static let plain = "[a-z][a-z0-9-]{0,62}"
    private static let version = "[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"
    private static let label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    /// What names a commit, of all that git takes: words with marks between them, and steps back.
    private static let revision = "[A-Za-z0-9]+([._/@-][A-Za-z0-9]+)*(~[0-9]{1,3})?"
    private static let account = "[a-z_][a-z0-9_-]{0,31}"
    private static let file = "[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*"

    /// What stands in a path under this name.
    static func inPath(_ name: String, of pattern: String) -> Parameter {
        switch name {
        case "host": host
        case "class": hostclassOrRelease
        case "other": pattern.hasPrefix("/v1/hosts/") ? host : hostclassOrRelease
        case "datacenter": Parameter(.text("^\(plain)$"), "A datacenter.", .string("snc1"))
        case "user": Parameter(.text("^\(account)$"), "A login name.", .string("ann"))
        case "group": Parameter(.text("^\(plain)$"), "A group of people.", .string("ops"))
        case "name": Parameter(.text("^[a-z][a-z0-9+-]{0,62}$"), "A package.", .string("jq"))
        case "version": Parameter(.text("^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$"), "A version.", .string("1.6"))
        case "platform": Parameter(.text("^[a-z][a-z0-9._-]{0,62}$"), "A platform.", .string("debian-12-x86_64"))
        case "path":
            Parameter(.text("^\(file)$"), "A path below the prefix.", .string("libexec/web"))
        case "range":
            Parameter(
                .text(
                    "^([A-Za-z0-9]+([._@-][A-Za-z0-9]+)*(~[0-9]{1,3})?)?\\.\\.([A-Za-z0-9]+([._@-][A-Za-z0-9]+)*(~[0-9]{1,3})?)?$"
                ),
                "Two revisions with two dots between them, the older one first; an empty one is what is served.",
                .string("main~1..main"))
        default: preconditionFailure("nothing is known of '\(name)' in a path")
        }
    }

    /// What stands in a query under this name.
    static func inQuery(_ name: String, of operation: Operation) -> Parameter {
        switch name {
        case "at":
            Parameter(
                .text("^\(revision)$"),
                "The commit to look at: a branch, a tag or an id. The served one if it is missing.",
                .string("main"))
        case "format":
            switch operation.content {
            case .diff:
                Parameter(.word(["yaml", "json", "text"]), "How it is shown; Accept says it as well.", .string("json"))
            default: Parameter(.word(["yaml", "json"]), "How it is shown; Accept says it as well.", .string("json"))
            }
        case "limit":
            Parameter(
                .int(limits(of: operation.pattern)),
                "How many entries to answer, of each kind in a search. The header Link leads to the next ones.",
                .int(100))
        case "after" where operation.pattern == "/v1/fleet":
            Parameter(host.schema, "List the hosts that follow this one.", host.example)
        case "before": Parameter(.text(anything), "Receipts before this one.", .string(""))
        case "host": Parameter(host.schema, "The receipts of this host.", host.example)
        case "bucket":
            Parameter(
                .word(FleetBucket.allCases.map(\.rawValue)),
                "Hosts in this bucket; several go with commas between them.",
                .string(FleetBucket.allCases[0].rawValue))
        case "after":
            Parameter(
                .text("^[ -~]{0,\(ListPart.longestName)}$"), "Answer the entries that follow this name.", .string(""))
        case "details": Parameter(.word(["full", "stat"]), "`stat` leaves out the contents of files.", .string("stat"))
        case "hostclass": Parameter(.text("^\(plain)$"), "Hosts of this class.", .string("web"))
        case "datacenter": Parameter(.text("^\(plain)$"), "Hosts in this datacenter.", .string("snc1"))
        case "release": Parameter(.text("^\(plain)@\(version)$"), "A class at a release.", .string("web@1"))
        case "platform":
            Parameter(.text("^[a-z][a-z0-9._-]{0,62}$"), "Hosts of this platform.", .string("debian-12-x86_64"))
        case "group": Parameter(.text("^\(plain)$"), "A group of people.", .string("ops"))
        case "state":
            Parameter(.word(User.State.allCases.map(\.rawValue)), "Whether they have left.", .string("active"))
        case "package" where operation.pattern == "/v1/replication":
            Parameter(
                .text("^[a-z][a-z0-9+-]{0,62}(/\(version)(/[a-z][a-z0-9._-]{0,62})?)?$"),
                "A package, a version of it, or one build of that.", .string("jq"))
        case "package": Parameter(.text("^[a-z][a-z0-9+-]{0,62}$"), "A package.", .string("jq"))
        case "version":
            Parameter(.text("^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$"), "A version of the package.", .string("1.6"))
        case "setting": Parameter(.text("^[A-Za-z][A-Za-z0-9_-]{0,62}$"), "A setting.", .string("port"))
        case "file":
            Parameter(.text("^\(file)$"), "A path below the prefix or of the repository.", .string("etc/site.json"))
        case "user": Parameter(.text("^\(account)$"), "A login name.", .string("ann"))
        case "q":
            Parameter(
                .text("^[^\\u0000-\\u001f\\u007f]{1,\(UsesRoutes.longestQuery)}$"),
                "A part of a name, whatever its case.", .string("web"))
        case "kind":
            Parameter(.word(SearchIndex.Kind.allCases.map(\.rawValue)), "Names of this kind alone.", .string("host"))
        default: preconditionFailure("nothing is known of '\(name)' in a query")
        }
    }

    /// How many entries may be asked for.
    private static func limits(of pattern: String) -> ClosedRange<Int> {
        switch pattern {
        case "/v1/search": UsesRoutes.hits
        case "/v1/fleet": 0...10_000
        default: ListPart.limits
        }
    }

    /// Text without control characters, which no address may hold.
    private static let anything = "^[^\\u0000-\\u001f\\u007f]{0,200}$"
    static let host = Parameter(
        .text("^\(label)(\\.\(label)){0,3}$"), "A host's full name.", .string("web-01.snc1.example.com"))
    private static let hostclassOrRelease = Parameter(
        .text("^\(plain)(@\(version))?$"), "A class, or a class at a release.", .string("web"))
}
