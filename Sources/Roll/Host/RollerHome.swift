import LinuxSystem
import RollerCore
import SystemPackage

/// The prefix, and everything of Roller's beside it: `<prefix>.roller`, on the same file system.
final class RollerHome: Sendable {
    /// The live tree: `/usr/local`.
    let prefix: FilePath
    /// The name of the prefix in its parent.
    let name: String
    /// The directory that the prefix stands in.
    let parent: Directory
    /// `<prefix>.roller`.
    let root: Directory
    /// Unpacked packages, by the digest of their archive; never written again.
    let packages: Directory
    /// Earlier trees and the candidate, by number.
    let generations: Directory
    /// Partial downloads.
    let downloads: Directory

    /// The path of the roller directory.
    var path: FilePath { root.path }
    /// Where kept data lives. Services of other users pass through.
    var keepPath: FilePath { root.path.appending("keep") }

    /// What tries whether an exchange works has names that begin so, as in `Directory.probeExchange`.
    static let probePrefix = ".exchange-probe-"

    private static let folders = [
        "packages", "generations", "downloads", "receipts", "rejected", "output", "keep",
    ]

    private init(
        prefix: FilePath, name: String, parent: consuming Directory, root: consuming Directory
    ) throws(FileError) {
        self.prefix = prefix
        self.name = name
        packages = try root.openDirectory("packages")
        generations = try root.openDirectory("generations")
        downloads = try root.openDirectory("downloads")
        self.parent = parent
        self.root = root
    }

    /// Opens what is beside `prefix`.
    /// - Parameter creating: Whether to make it where it is missing; otherwise nil is returned then.
    static func open(prefix: FilePath, creating: Bool) throws(RollError) -> RollerHome? {
        guard prefix.isAbsolute, let last = prefix.lastComponent else {
            throw .badPrefix("'\(prefix)' cannot be a prefix", hint: "give an absolute path below the root")
        }
        let parentPath = prefix.removingLastComponent()
        do {
            let parent = try Directory.open(parentPath, followingLinks: true)
            let name = last.string + ".roller"
            if try parent.status(of: name) == nil {
                guard creating else { return nil }
                try checkPrefix(prefix, last.string, in: parent)
                // Others may pass through to kept data, and read nothing.
                try parent.makeDirectory(name, permissions: 0o711)
            }
            let root = try parent.openDirectory(name)
            try checkOwner(root)
            for folder in folders where try root.status(of: folder) == nil {
                try root.makeDirectory(folder, permissions: folder == "keep" ? 0o755 : 0o700)
            }
            return try RollerHome(prefix: prefix, name: last.string, parent: parent, root: root)
        } catch let error as RollError {
            throw error
        } catch {
            throw .cannotStage(what: "use \(prefix).roller", cause: error)
        }
    }

    /// A directory that somebody else can write to decides nothing about this host.
    private static func checkOwner(_ root: borrowing Directory) throws {
        let status = try root.status()
        let me = Accounts.effectiveUser
        guard status.uid == me, status.permissions & 0o022 == 0 else {
            throw RollError.badPrefix(
                "\(root.path) belongs to user \(status.uid) with mode \(String(status.permissions, radix: 8))",
                hint: "it must belong to the user who rolls (\(me)), and be writable by nobody else")
        }
    }

    /// Refuses a prefix that is no directory. One that is missing may yet be made.
    func checkPrefix() throws(RollError) { try Self.checkPrefix(prefix, name, in: parent) }

    private static func checkPrefix(
        _ prefix: FilePath, _ name: String, in parent: borrowing Directory
    ) throws(RollError) {
        do {
            guard let status = try parent.status(of: name), status.kind != .directory else { return }
            throw FileError("use", prefix.string, .notDirectory, detail: "the prefix must be a plain directory")
        } catch {
            throw .cannotStage(what: "roll \(prefix)", cause: error)
        }
    }

    // MARK: Generations

    /// Which generation the tree at the prefix is. A tree without a marker is the one from before Roller.
    /// - Returns: Nil when there is nothing at the prefix.
    func liveGeneration() throws(FileError) -> Generation? {
        guard let status = try parent.status(of: name) else { return nil }
        guard status.kind == .directory else {
            throw FileError("use", prefix.string, .notDirectory, detail: "the prefix must be a plain directory")
        }
        return try generation(of: name, in: parent)
    }

    /// Which generation the tree of that name is.
    func generation(of name: String, in directory: borrowing Directory) throws(FileError) -> Generation {
        let marker = "\(name)/\(GenerationMarker.directory)/\(GenerationMarker.file)"
        let bytes: [UInt8]
        do {
            bytes = try directory.readFile(marker, limit: 4096)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            return .beforeRoller
        }
        do {
            return try readJSON(bytes, as: GenerationMarker.self).generation
        } catch {
            throw FileError(
                "read", directory.path.appending(marker).string, .invalidArgument, detail: describeDecoding(error))
        }
    }

    /// The generations that are kept as trees beside the prefix, with the name each stands under. A name may differ from
    /// its generation between an exchange and the renaming that follows. Candidates that were never finished are left out.
    func storedGenerations() throws(FileError) -> [(name: String, generation: Generation)] {
        var found: [(String, Generation)] = []
        let live = try liveGeneration()
        for entry in try generations.entries() where entry.kind == .directory {
            guard let number = Int(entry.name), "\(number)" == entry.name, number >= 0 else { continue }
            let generation = try generation(of: entry.name, in: generations)
            // The marker is written last. A tree without one is a candidate cut off, but for the tree from before Roller:
            // under its own name, or, just exchanged, under that of the generation which is live in its place.
            guard generation != .beforeRoller || number == 0 || number == live?.number else { continue }
            found.append((entry.name, generation))
        }
        return found
    }

    /// Removes a tree or package, if it is there. It loses its name first, on disk too: what is removed by half must not
    /// be taken for whole, after a crash neither.
    static func removeTree(_ name: String, in directory: borrowing Directory) throws(FileError) {
        guard try directory.status(of: name) != nil else { return }
        let doomed = "\(removingPrefix)\(name)-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        try directory.rename(name, to: doomed, in: directory, replacing: false)
        try directory.sync()
        try directory.removeTree(doomed)
    }

    /// How the names of trees begin that are being removed.
    static let removingPrefix = ".removing-"

    /// The record of a generation; nil for the one from before Roller.
    func record(of generation: Generation) throws(RollError) -> GenerationRecord? {
        guard generation != .beforeRoller else { return nil }
        let name = "\(generation).json"
        do {
            return try readJSON(try generations.readFile(name, limit: 64 << 20), as: GenerationRecord.self)
        } catch {
            throw .recordUnreadable(generations.path.appending(name).string, cause: readable(error))
        }
    }

    /// The record of the generation that a host is to leave; nil also where it is lost, which is told. That nobody knows
    /// what the live tree was made from is no reason to stay with it for ever.
    func record(leaving generation: Generation, _ report: Report) -> GenerationRecord? {
        do throws(RollError) {
            return try record(of: generation)
        } catch {
            report.warning(
                "\(explain(error)); what generation \(generation) was made from and which services it has is not known")
            return nil
        }
    }

    /// Writes the record of a generation.
    /// - Parameter durable: Whether it is on disk when this returns; else a sync of the file system has to follow.
    func write(_ record: GenerationRecord, durable: Bool) throws(FileError) {
        try generations.replaceFile(
            "\(record.generation).json", permissions: 0o600, bytes: canonicalJSON(record), durable: durable)
    }

    // MARK: What a host remembers

    /// What the host remembers; nil where nothing was ever rolled.
    func state() throws(RollError) -> HostState? {
        do {
            return try readJSON(try root.readFile("state.json", limit: 1 << 20), as: HostState.self)
        } catch let error as FileError where error.errno == .noSuchFileOrDirectory {
            return nil
        } catch {
            throw .stateUnreadable(path.appending("state.json").string, cause: readable(error))
        }
    }

    /// Remembers `state`: on disk when this returns.
    func write(_ state: HostState) throws(FileError) {
        try root.replaceFile("state.json", permissions: 0o600, bytes: canonicalJSON(state), durable: true)
    }
}

/// A decoding error in words; others as they are.
func readable(_ error: any Error) -> any Error {
    error is DecodingError ? Unreadable(message: describeDecoding(error)) : error
}

private struct Unreadable: RollerError {
    let message: String
}
