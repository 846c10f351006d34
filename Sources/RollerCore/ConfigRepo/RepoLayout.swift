/// What a path of the config repository is for. The tree has a fixed depth, and nothing else may be in it.
enum RepoPlace: Hashable {
    case root
    case datacenter(DatacenterName)
    case hostclass(HostclassName)
    case lock(HostclassName)
    /// A file of a class; the path is below `files/<class>/`, as it stands in the repository.
    case classFile(HostclassName, below: String)
    case host(HostName)
    /// People: `users/`, `groups/` and `home/`.
    case user(LoginName)
    case group(GroupName)
    case home(user: LoginName, below: String)
    /// `README*`, `LICENSE*` and names that begin with a dot, at the root.
    case ignored

    /// Where `path` belongs, or a finding that says why it belongs nowhere.
    static func of(_ path: String) -> Result<RepoPlace, LayoutFinding> {
        // By bytes, as git splits paths: to Swift a slash and a combining mark behind it are one character.
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
            .compactMap { String($0) }
        guard parts.count > 1 else { return ofRootFile(path) }
        if parts[0].hasPrefix(".") { return .success(.ignored) }
        switch parts[0] {
        case "datacenters":
            return yamlName(parts, path).flatMap { named($0, path, "a datacenter", RepoPlace.datacenter) }
        case "hosts": return yamlName(parts, path).flatMap { named($0, path, "a host", RepoPlace.host) }
        case "groups": return yamlName(parts, path).flatMap { named($0, path, "a group", RepoPlace.group) }
        case "users": return yamlName(parts, path).flatMap { named($0, path, "a user", RepoPlace.user) }
        case "hostclasses":
            return yamlName(parts, path).flatMap { name in
                guard name.hasSuffix(".lock") else { return named(name, path, "a hostclass", RepoPlace.hostclass) }
                return named(String(name.dropLast(5)), path, "a hostclass", RepoPlace.lock)
            }
        case "files":
            guard parts.count == 3 else {
                return .failure(
                    LayoutFinding(
                        path, .unexpectedFile, "'\(path)' belongs to no hostclass",
                        hint: "put it below files/<hostclass>/, at its path below the prefix"))
            }
            return named(parts[1], path, "a hostclass") { RepoPlace.classFile($0, below: parts[2]) }
        case "home":
            guard parts.count == 3 else {
                return .failure(
                    LayoutFinding(
                        path, .unexpectedFile, "'\(path)' belongs to no user",
                        hint: "put it below home/<user>/"))
            }
            return named(parts[1], path, "a user") { RepoPlace.home(user: $0, below: parts[2]) }
        default:
            return .failure(
                LayoutFinding(
                    path, .unexpectedFile, "'\(parts[0])/' is not part of a config repository",
                    hint: nearestName(to: parts[0], among: directories).map { "did you mean '\($0)/'?" } ?? layoutHint))
        }
    }

    private static func ofRootFile(_ path: String) -> Result<RepoPlace, LayoutFinding> {
        if path == "roller.yml" { return .success(.root) }
        if path.hasPrefix(".") || path.hasPrefix("README") || path.hasPrefix("LICENSE") { return .success(.ignored) }
        return .failure(
            LayoutFinding(
                path, .unexpectedFile, "'\(path)' is not part of a config repository",
                hint: nearestName(to: path, among: ["roller.yml"]).map { "did you mean '\($0)'?" } ?? layoutHint))
    }

    /// The name in `<directory>/<name>.yml`, two levels deep and no deeper.
    private static func yamlName(_ parts: [String], _ path: String) -> Result<String, LayoutFinding> {
        guard parts.count == 2 else {
            return .failure(
                LayoutFinding(
                    path, .unexpectedFile, "'\(parts[0])/' has no folders inside it",
                    hint: "move the file up to \(parts[0])/; the tree of hosts has a fixed depth"))
        }
        guard parts[1].hasSuffix(".yml") else {
            let hint =
                parts[1].hasSuffix(".yaml")
                ? "rename it to \(path.dropLast(5)).yml" : "only NAME.yml files live in \(parts[0])/"
            return .failure(LayoutFinding(path, .unexpectedFile, "'\(parts[1])' does not end in .yml", hint: hint))
        }
        return .success(String(parts[1].dropLast(4)))
    }

    private static func named<Name: ValidatedText>(
        _ name: String, _ path: String, _ what: String, _ place: (Name) -> RepoPlace
    ) -> Result<RepoPlace, LayoutFinding> {
        guard let valid = Name(name) else {
            return .failure(LayoutFinding(path, .badName, "'\(name)' cannot name \(what)", hint: "use \(Name.rule)"))
        }
        return .success(place(valid))
    }

    fileprivate static let directories = ["datacenters", "hostclasses", "files", "hosts", "users", "groups", "home"]
    private static let layoutHint =
        "a repository holds roller.yml, datacenters/, hostclasses/, files/, hosts/, users/, groups/, home/, README*, LICENSE* and names that begin with a dot"
}

extension ConfigRepo {
    /// Whether the bytes of the file at `path` mean anything. Of others, the path alone is looked at, if that.
    public static func reads(_ path: String) -> Bool {
        switch RepoPlace.of(path) {
        case .success(.root), .success(.datacenter), .success(.hostclass), .success(.lock), .success(.classFile),
            .success(.host), .success(.user), .success(.group), .success(.home):
            true
        case .success(.ignored), .failure: false
        }
    }

    /// Whether the file at `path` stands where those of hosts do.
    public static func isHost(_ path: String) -> Bool { path.utf8.starts(with: "hosts/".utf8) }

    /// The folders that a config repository has at its root.
    public static var folders: [String] { RepoPlace.directories }
}

/// Why a path belongs nowhere.
struct LayoutFinding: Error {
    let diagnostic: Diagnostic

    init(_ path: String, _ code: DiagnosticCode, _ message: String, hint: String) {
        diagnostic = Diagnostic(code, at: SourceLocation(file: path), message, hint: hint)
    }
}
