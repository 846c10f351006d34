internal import CLibGit2

extension GitRepository {
    /// The root tree of a commit.
    func tree(of commit: ObjectID) throws(GitError) -> ObjectID {
        try withCommit(commit) { pointer in git_commit_tree_id(pointer).map { ObjectID($0.pointee) } }
    }

    /// The entries of one directory, checked.
    /// - Parameter path: Where it stands; empty for the root.
    func treeEntries(of tree: ObjectID, at path: String) throws(GitError) -> [TreeEntry] {
        let bytes = try objects.bytes(
            of: tree, as: .tree, limit: Self.treeLimit, for: path.isEmpty ? "the root directory" : "directory '\(path)'"
        )
        do throws(TreeFault) { return try TreeObject.entries(bytes) } catch {
            throw .invalidEntry(joined(path, error.name), in: tree, problem: error.problem)
        }
    }

    /// Calls `body` for every file below a tree, in byte order of the paths.
    func walk(
        _ tree: ObjectID, at path: String, depth: Int, _ selection: PathSelection?, _ budget: inout TreeBudget,
        _ body: (GitEntry) -> Void
    ) throws(GitError) {
        try budget.enter(path, depth: depth)
        for entry in try treeEntries(of: tree, at: path) {
            let place = joined(path, entry.name)
            try budget.spend(at: place)
            let inside = selection?.at(entry.name)
            if selection != nil, inside == nil { continue }
            let rest = inside?.isWhole == true ? nil : inside
            switch entry.kind {
            case .directory: try walk(entry.id, at: place, depth: depth + 1, rest, &budget, body)
            case .file(let mode):
                guard place.utf8.count <= TreeBudget.longestPath else {
                    throw .invalidEntry(place, in: tree, problem: .tooLong)
                }
                if rest == nil { body(GitEntry(path: place, mode: mode, id: entry.id)) }
            }
        }
    }

    /// Bytes of one tree object: room for about a million entries.
    private static var treeLimit: Int { 32 << 20 }
}

/// A path and a name below it.
func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path)/\(name)" }

/// What a walk may still look at.
struct TreeBudget {
    /// PATH_MAX of Linux, without its NUL.
    static let longestPath = 4095

    private let limits: GitLimits
    private var entries = 0

    init(_ limits: GitLimits) { self.limits = limits }

    /// Counts one entry.
    mutating func spend(at path: String) throws(GitError) {
        entries += 1
        guard entries <= limits.entries else { throw .overLimit(.entries, at: "'\(path)'", limit: limits.entries) }
    }

    /// Allows or forbids looking into a directory whose entries have `depth` components.
    func enter(_ path: String, depth: Int) throws(GitError) {
        guard depth <= limits.depth else { throw .overLimit(.depth, at: "'\(path)'", limit: limits.depth) }
    }
}

/// Which paths of a tree are wanted.
struct PathSelection {
    /// Everything from here down.
    private(set) var isWhole = false
    // Keyed by bytes: as strings, two normal forms of one text are equal.
    private var children: [[UInt8]: PathSelection] = [:]

    private init() {}

    /// Nil when everything is wanted.
    init?(_ paths: [String]) throws(GitError) {
        if paths.isEmpty { return nil }
        for path in paths { add(try Self.components(of: path)[...]) }
    }

    func at(_ name: String) -> PathSelection? { children[Array(name.utf8)] }

    private mutating func add(_ components: ArraySlice<String>) {
        guard let first = components.first else { return isWhole = true }
        children[Array(first.utf8), default: PathSelection()].add(components.dropFirst())
    }

    /// The names of a path, each one that a tree can hold.
    static func components(of path: String) throws(GitError) -> [String] {
        let names = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var components: [String] = []
        for name in names {
            guard let text = String(name), !name.isEmpty, name.count <= 255, !name.contains(0),
                TreeObject.problem(withName: text) == nil
            else { throw .invalidPath(escaped(Array(path.utf8.prefix(256)))) }
            components.append(text)
        }
        return components
    }
}
