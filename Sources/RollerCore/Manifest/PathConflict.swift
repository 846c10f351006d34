/// Two claims to one place of the tree that a class installs.
public struct PathConflict: Hashable, Sendable {
    /// The place that both claim.
    public let path: TreePath
    /// What the first puts there, or keeps there.
    public let first: PathClaim
    /// What the second puts there, or below.
    public let second: PathClaim

    /// What is wrong, both owners named: "'bin/jq' is a file of package 'jq' and a file of package 'jq-tools'".
    public var message: String {
        guard NormalizedPath(first.path) != NormalizedPath(second.path) else {
            return "'\(path)' is \(first.inWords) and \(second.inWords)"
        }
        return "'\(first.path)' is \(first.inWords), and '\(second.path)', \(second.inWords), lies below it"
    }

    /// What one can do about it.
    public var hint: String {
        if first.owner == .keep || second.owner == .keep {
            return "leave the path out of the package or file, or keep less"
        }
        return first.owner == second.owner
            ? "build the package again" : "take one of the two out of the class, or build one without the path"
    }
}

/// One path, what stands there, and whose it is.
public struct PathClaim: Hashable, Sendable {
    /// Where.
    public let path: TreePath
    /// What stands there.
    public let kind: Kind
    /// Whose it is.
    public let owner: PathOwner

    /// What can stand at a path, as far as sharing the place goes.
    public enum Kind: Hashable, Sendable {
        case file, directory, symlink
    }

    /// A claim of `owner`'s.
    public init(_ path: TreePath, _ kind: Kind, of owner: PathOwner) {
        self.path = path
        self.kind = kind
        self.owner = owner
    }

    fileprivate var inWords: String {
        switch (owner, kind) {
        case (.keep, _): "kept over rolls by the class"
        case (let owner, .file): "a file of \(owner)"
        case (let owner, .directory): "a directory of \(owner)"
        case (let owner, .symlink): "a symbolic link of \(owner)"
        }
    }
}

/// Who puts something into the tree.
public enum PathOwner: Hashable, Sendable, CustomStringConvertible {
    /// A package of the class.
    case package(PackageName)
    /// A file of the class, by its place in the repository.
    case classFile(String)
    /// A `keep` of the class.
    case keep

    /// As messages name it: "package 'nginx'".
    public var description: String {
        switch self {
        case .package(let name): "package '\(name)'"
        case .classFile(let source): "the class ('\(source)')"
        case .keep: "keep"
        }
    }
}

/// Finds every place that two owners claim. Directories may be shared; nothing else may, nor may anything lie below what
/// is no directory, or in a kept path.
///
/// Of what lies below one claim, one conflict for each owner is named, not thousands.
/// - Parameters:
///   - packages: The packages of a class for one platform.
///   - files: The class's own files.
///   - keep: The paths whose data outlives rolls.
/// - Returns: The conflicts, sorted by path.
public func pathConflicts(
    packages: [PackageManifest], files: [ClassFile] = [], keep: [TreePath] = []
) -> [PathConflict] {
    var claims = keep.map { PathClaim($0, .directory, of: .keep) }
    for package in packages {
        claims += package.entries.map { PathClaim($0.path, $0.claimed, of: .package(package.name)) }
    }
    claims += files.map { PathClaim($0.path, .file, of: .classFile($0.source)) }
    return pathConflicts(claims)
}

/// The same for claims of any kind.
func pathConflicts(_ claims: [PathClaim]) -> [PathConflict] {
    var conflicts: [PathConflict] = []
    // The first claim to each path, whatever normal form it is written in: what looks like one place is one.
    var placed: [NormalizedPath: PathClaim] = [:]
    for claim in claims {
        guard let other = placed[NormalizedPath(claim.path)] else {
            placed[NormalizedPath(claim.path)] = claim
            continue
        }
        if claim.owner == .keep && other.owner == .keep { continue }
        let shared = claim.kind == .directory && other.kind == .directory && other.owner != .keep
        if shared { continue }
        conflicts.append(PathConflict(path: claim.path, first: other, second: claim))
    }
    var visited: Set<Visit> = []
    for claim in claims {
        var above = claim.path.parent
        while let path = above, visited.insert(Visit(path: path, owner: claim.owner)).inserted {
            if let other = placed[NormalizedPath(path)],
                other.kind != .directory || (other.owner == .keep && claim.owner != .keep)
            {
                conflicts.append(PathConflict(path: path, first: other, second: claim))
            }
            above = path.parent
        }
    }
    return conflicts.sorted { ($0.path, $0.second.path) < ($1.path, $1.second.path) }
}

/// A path as people read it: two normal forms of one text (Unicode Standard Annex 15) are equal.
private struct NormalizedPath: Hashable {
    /// `String` compares by canonical equivalence.
    private let text: String

    init(_ path: TreePath) { text = path.rawValue }
}

/// A directory that paths of an owner lie below; looked at once.
private struct Visit: Hashable {
    let path: TreePath
    let owner: PathOwner
}

extension PackageManifest.Entry {
    fileprivate var claimed: PathClaim.Kind {
        switch kind {
        case .file, .hardLink: .file
        case .directory: .directory
        case .symlink: .symlink
        }
    }
}
