import LinuxSystem
import RollerCore
import SystemPackage

/// Compares the tree at the prefix with what its generation was made as. Nothing below the prefix is written.
struct LiveTree {
    let home: RollerHome

    /// How much of a file's contents is looked at.
    enum Depth: Hashable {
        /// What the kernel says of each path; of contents the size, and whether they were written to since they were read.
        case metadata
        /// The contents of files that may have been written to since they were read before.
        case changedContents
        /// The contents of all files.
        case allContents
    }

    /// What a comparison found.
    struct Comparison {
        var drift = Drift()
        /// Paths that were compared.
        var paths = 0
        /// Files that were read.
        var filesRead = 0
        /// Files of the right size whose contents nobody looked at.
        var filesNotRead = 0
    }

    /// Compares.
    /// - Parameter record: The record of the live generation; nil for a tree that Roller did not make: all of it is extra.
    func compare(with record: GenerationRecord?, depth: Depth) async throws -> Comparison {
        guard let status = try home.parent.status(of: home.name), status.kind == .directory else { return Comparison() }
        let store = PackageStore(home)
        let expected = try record.map { try ExpectedTree($0, keep: home.keepPath.string) { try store.manifest($0) } }
        let start = FileTime(seconds: Int64(secondsSince1970()))
        let found = try home.parent.openDirectory(home.name).survey()
        var reading = TreeReading(
            expected: expected ?? ExpectedTree(), owners: TreeOwners(roller: Accounts.effectiveUser),
            memory: home.digestMemory(), depth: depth)
        for entry in found { try reading.add(entry) }
        reading.addMissing()
        for (path, attributes) in reading.attributed {
            let found = try home.parent.extendedAttributes(of: "\(home.name)/\(path)")
            reading.add(path, attributes, found: found)
        }
        try await readContents(&reading, since: start)
        var comparison = Comparison(drift: Drift(reading.findings), paths: found.count)
        comparison.filesRead = reading.toRead.count
        comparison.filesNotRead = reading.filesNotRead
        return comparison
    }

    private func readContents(_ reading: inout TreeReading, since start: FileTime) async throws {
        let files = reading.toRead
        guard !files.isEmpty else { return }
        let digests = try await FileDigests(home: home).digests(of: files.map(\.path))
        for (file, digest) in zip(files, digests) { reading.add(file, digest: digest) }
        do {
            try home.remember(DigestMemory(reading.known, readFrom: start))
        } catch {
            // The files are read again the next time; what was found stands.
        }
    }
}

/// What a survey says, held against what there should be.
private struct TreeReading {
    let expected: ExpectedTree
    var owners: TreeOwners
    let memory: DigestMemory
    let depth: LiveTree.Depth

    var findings: [Drift.Finding] = []
    /// Files whose contents are to be read.
    var toRead: [File] = []
    /// Files that their package gives extended attributes.
    var attributed: [(path: TreePath, attributes: [AttributeName: [UInt8]])] = []
    /// The digests that are known by the end.
    var known: [DigestMemory.Entry] = []
    var filesNotRead = 0
    private var seen: Set<TreePath> = []

    init(expected: ExpectedTree, owners: TreeOwners, memory: DigestMemory, depth: LiveTree.Depth) {
        self.expected = expected
        self.owners = owners
        self.memory = memory
        self.depth = depth
        seen.reserveCapacity(expected.entries.count)
    }

    /// A file that is as it should be but, perhaps, for its contents.
    struct File {
        let path: String
        let status: FileStatus
        let expected: Digest
        let source: String
    }

    mutating func add(_ entry: SurveyedEntry) throws {
        let path = entry.path
        // Roller's own, and no more than that.
        if path == GenerationMarker.directory || path == "\(GenerationMarker.directory)/\(GenerationMarker.file)" {
            return
        }
        guard entry.isExact, let name = TreePath(path), let wanted = expected.entries[name] else {
            findings.append(Drift.Finding(path: path, kind: .extra, found: entry.inWords))
            return
        }
        seen.insert(name)
        let status = entry.status
        let source = wanted.source.text
        func differs(_ kind: Drift.Kind, _ expected: String, _ found: String) {
            findings.append(
                Drift.Finding(path: path, kind: kind, expected: expected, found: found, source: source))
        }
        switch (wanted.kind, status.kind) {
        case (.file(let size, let digest), .regular):
            addFile(File(path: path, status: status, expected: digest, source: source), size)
            if !wanted.attributes.isEmpty { attributed.append((name, wanted.attributes)) }
        case (.directory, .directory): break
        case (.symlink(let target), .symlink):
            if entry.target.map({ $0.elementsEqual(target.utf8) }) != true {
                differs(.target, target, String(decoding: entry.target ?? [], as: UTF8.self))
            }
        default:
            return differs(.replaced, wanted.kind.inWords, entry.inWords)
        }
        if let permissions = wanted.permissions, status.kind != .symlink, permissions != status.permissions {
            differs(.mode, ModeAndOwner.octal(permissions), ModeAndOwner.octal(status.permissions))
        }
        let owner = try owners.expected(wanted.declared)
        if let owner, owner != (status.uid, status.gid) {
            differs(.owner, "\(owner.uid):\(owner.gid)", "\(status.uid):\(status.gid)")
        }
    }

    private mutating func addFile(_ file: File, _ size: ByteCount) {
        if depth != .allContents, let digest = memory.digest(file.status) { return add(file, digest: digest) }
        guard depth == .metadata else { return toRead.append(file) }
        guard file.status.size == size.bytes else {
            findings.append(
                Drift.Finding(
                    path: file.path, kind: .modified, expected: "\(size.bytes) B", found: "\(file.status.size) B",
                    source: file.source))
            return
        }
        filesNotRead += 1
    }

    /// The digest of a file that was read; nil when it was gone by then.
    mutating func add(_ file: File, digest: [UInt8]?) {
        guard let digest, let found = Digest(bytes: digest) else {
            findings.append(Drift.Finding(path: file.path, kind: .missing, source: file.source))
            return
        }
        known.append(DigestMemory.Entry(file.status, digest: digest))
        guard found != file.expected else { return }
        findings.append(
            Drift.Finding(
                path: file.path, kind: .modified, expected: file.expected.rawValue, found: found.rawValue,
                source: file.source))
    }

    /// Compares the extended attributes that a package gives a file; what else it has, the file system's labels, is let be.
    mutating func add(_ path: TreePath, _ wanted: [AttributeName: [UInt8]], found: [String: [UInt8]]) {
        let differing = wanted.filter { found[$0.key.rawValue] != $0.value }.keys.sorted()
        guard let first = differing.first else { return }
        findings.append(
            Drift.Finding(
                path: path.rawValue, kind: .attribute, expected: "with \(first)",
                found: found[first.rawValue] == nil ? "without it" : "with another",
                source: expected.entries[path]?.source.text))
    }

    mutating func addMissing() {
        for (path, entry) in expected.entries where !seen.contains(path) {
            findings.append(Drift.Finding(path: path.rawValue, kind: .missing, source: entry.source.text))
        }
    }
}

/// Who a path should belong to, by the accounts of this machine; each name is looked up once.
private struct TreeOwners {
    /// Who rolls.
    let roller: UInt32
    private var known: [String: (uid: UInt32, gid: UInt32)?] = [:]

    init(roller: UInt32) { self.roller = roller }

    /// - Returns: Nil where nobody can say: no owner was declared and others than root roll, whose group may be any.
    mutating func expected(_ declared: ModeAndOwner?) throws(FileError) -> (uid: UInt32, gid: UInt32)? {
        guard let declared, roller == 0 || declared.user != "root" || declared.group != "root" else {
            return roller == 0 ? (0, 0) : nil
        }
        let key = "\(declared.user):\(declared.group)"
        if let known = known[key] { return known }
        let user = try Accounts.user(named: declared.user)
        let group = try Accounts.group(named: declared.group)
        var owner: (uid: UInt32, gid: UInt32)?
        if let user, let group { owner = (user, group) }
        known[key] = .some(owner)
        return owner
    }
}

extension ExpectedTree.Kind {
    fileprivate var inWords: String {
        switch self {
        case .file: "a file"
        case .directory: "a directory"
        case .symlink: "a symlink"
        }
    }
}

extension SurveyedEntry {
    fileprivate var inWords: String {
        switch status.kind {
        case .regular: "a file"
        case .directory: "a directory"
        case .symlink: "a symlink"
        case .characterDevice, .blockDevice: "a device"
        case .fifo: "a fifo"
        case .socket: "a socket"
        }
    }
}
