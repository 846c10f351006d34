internal import ConfigSource
internal import GitRepository
internal import LinuxSystem
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// Where each release was first seen, and where branches were last seen. A release never moves: what hosts were given
/// under its name must stay what it is, also when the server was away while it moved.
final class ReleaseTags: Sendable {
    fileprivate struct Seen {
        var releases: [ReleaseReference: ObjectID] = [:]
        var branches: [String: ObjectID] = [:]
        /// What the tags' files looked like when all tags were last noted.
        var noted: [FileTime?] = []
        var isKept = true
    }

    private let seen: Mutex<Seen>
    private let file: FilePath?

    /// - Parameter file: Where to keep what was seen; nil keeps it no longer than the server runs.
    init(file: FilePath? = nil) throws(SeenError) {
        self.file = file
        var seen = Seen()
        if let file { try seen.read(file) }
        self.seen = Mutex(seen)
    }

    /// Notes that `release` is at `commit`.
    /// - Throws: `movedTag` when it was elsewhere.
    func note(_ release: ReleaseReference, at commit: ObjectID) throws(SnapshotError) {
        let first = seen.withLock { seen in
            if let first = seen.releases[release] { return first }
            seen.releases[release] = commit
            seen.isKept = false
            return commit
        }
        guard first == commit else {
            throw .movedTag(release, was: Revision(first), now: Revision(commit))
        }
    }

    /// Notes where a branch is.
    /// - Returns: Where it was before; nil where it was never seen.
    func move(branch: String, to commit: ObjectID) -> ObjectID? {
        seen.withLock { seen in
            let former = seen.branches.updateValue(commit, forKey: branch)
            if former != commit { seen.isKept = false }
            return former
        }
    }

    /// What the files of the tags look like, where that is not as it was when all were noted; nil where it is.
    func changeOfTags(in repository: FilePath) -> [FileTime?]? {
        // Loose tags are replaced by renaming, which the time of their directory tells; packed ones are in one file.
        let now = ["refs/tags", "packed-refs"].map { name in
            // One that cannot be looked at is as one that is not there: reading the tags will say why.
            try? Directory.open(repository, followingLinks: true).status(of: name)?.changed
        }
        return seen.withLock { $0.noted == now } ? nil : now
    }

    /// All tags were noted.
    func hasNotedAll(at change: [FileTime?]) {
        // The kernel's times are coarse: what changed just now may change again without another time.
        guard change.allSatisfy({ ($0?.seconds ?? 0) < UTCTime.now.seconds - 2 }) else { return }
        seen.withLock { $0.noted = change }
    }

    /// Keeps on disk what was seen since the last time.
    func save() throws(FileError) {
        guard let file, let name = file.lastComponent?.string else { return }
        let text: String? = seen.withLock { seen in
            guard !seen.isKept else { return nil }
            seen.isKept = true
            return seen.text
        }
        guard let text else { return }
        do throws(FileError) {
            try Directory.open(file.removingLastComponent(), followingLinks: true)
                .replaceFile(name, permissions: 0o644, bytes: Array(text.utf8), durable: true)
        } catch {
            seen.withLock { $0.isKept = false }
            throw error
        }
    }
}

extension ReleaseTags.Seen {
    /// A line each: `release NAME COMMIT` or `branch NAME COMMIT`.
    fileprivate var text: String {
        let lines =
            releases.sorted { $0.key < $1.key }.map { "release \($0.key) \($0.value)" }
            + branches.sorted { $0.key < $1.key }.map { "branch \($0.key) \($0.value)" }
        return """
            # Where each release was first seen, and where each branch was last seen. The server writes this file.
            \(lines.joined(separator: "\n"))

            """
    }

    fileprivate mutating func read(_ file: FilePath) throws(SeenError) {
        let text: String
        do throws(FileError) {
            let folder = try Directory.open(file.removingLastComponent(), followingLinks: true)
            text = String(
                decoding: try folder.readFile(file.lastComponent?.string ?? "", limit: 256 << 20), as: UTF8.self)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return }
            throw .unreadable(error)
        }
        for (index, line) in text.split(separator: "\n").enumerated() where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let commit = ObjectID(hex: words[2]) else {
                throw .badLine(index + 1, of: file)
            }
            switch (words[0], ReleaseReference(words[1])) {
            case ("release", let release?): releases[release] = commit
            case ("branch", _): branches[words[1]] = commit
            default: throw .badLine(index + 1, of: file)
            }
        }
    }
}

/// Why it is not known which releases were seen.
enum SeenError: RollerError, Hashable {
    case unreadable(FileError)
    /// Lines count from 1.
    case badLine(Int, of: FilePath)

    var message: String {
        switch self {
        case .unreadable(let error): error.message
        case .badLine(let line, let file): "cannot read line \(line) of \(file), where releases were seen"
        }
    }

    var hint: String? {
        switch self {
        case .unreadable: nil
        case .badLine: "mend the line, or remove it: that one release may have moved and nobody would notice"
        }
    }
}
