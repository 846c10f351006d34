internal import LinuxSystem

/// Makes the files, directories and links of one tarball below one directory.
struct TreeWriter {
    /// A reference to a directory, as arrays hold no values that cannot be copied.
    private final class Branch {
        let path: String
        let directory: Directory

        init(_ path: String, _ directory: consuming Directory) {
            self.path = path
            self.directory = directory
        }
    }

    private static let impliedPermissions: UInt16 = 0o755

    private let root: Branch
    /// Open directories from below the root down to the last one used. Entries come mostly in order, so that most find
    /// their parent at its end.
    private var branches: [Branch] = []
    /// Every directory made here, in the order of making: parents first.
    private var made: [String] = []
    private var attributes: [String: (permissions: UInt16, modified: Int64)] = [:]
    private var links: [TarballEntry] = []

    init(_ directory: borrowing Directory) throws(TarballError) {
        do throws(FileError) {
            root = Branch("", try directory.duplicate())
        } catch {
            throw .file(error)
        }
    }

    /// Makes an empty file that only its owner can open; `finish` gives it its permissions.
    mutating func makeFile(_ path: String) throws(TarballError) -> OpenFile {
        let (parent, name) = try place(path)
        return try attempt { () throws(FileError) in
            try parent.directory.openFile(name, for: .creating(permissions: 0o600))
        }
    }

    /// After the last write, which would clear setuid and capabilities and change the time.
    func finish(_ file: consuming OpenFile, as entry: TarballEntry) throws(TarballError) {
        do throws(FileError) {
            try file.setPermissions(entry.permissions)
            for (name, value) in entry.extendedAttributes { try file.setExtendedAttribute(name, value) }
            try file.setTimes(to: FileTime(seconds: entry.modified))
            try file.close()
        } catch {
            throw .file(error)
        }
    }

    /// Makes a directory that only its owner can use until all is in it.
    mutating func makeDirectory(_ entry: TarballEntry) throws(TarballError) {
        if attributes[entry.path] == nil {
            let (parent, name) = try place(entry.path)
            try make(name, in: parent, entry.path)
        }
        attributes[entry.path] = (entry.permissions, entry.modified)
    }

    /// Links come last, so that no path ever leads through one.
    mutating func linkLater(_ entry: TarballEntry) { links.append(entry) }

    /// Makes the links, then gives directories their permissions and times, which making things in them changes.
    mutating func finish() throws(TarballError) {
        for entry in links {
            guard case .hardLink(let target) = entry.kind else { continue }
            let (parent, name) = try place(entry.path)
            try attempt { () throws(FileError) in
                try root.directory.link(target, to: name, in: parent.directory)
            }
        }
        for entry in links {
            guard case .symlink(let target) = entry.kind else { continue }
            let (parent, name) = try place(entry.path)
            try attempt { () throws(FileError) in
                try parent.directory.symlink(name, to: target)
                try parent.directory.setTimes(name, to: FileTime(seconds: entry.modified))
            }
        }
        branches = []
        for path in made.reversed() {
            let (permissions, modified) = attributes[path] ?? (TreeWriter.impliedPermissions, 0)
            try attempt { () throws(FileError) in
                let directory = try root.directory.openDirectory(path)
                try directory.setPermissions(permissions)
                try directory.setTimes(to: FileTime(seconds: modified))
            }
        }
    }

    /// The open directory that holds `path`, made if it is not there yet, and the name in it.
    private mutating func place(_ path: String) throws(TarballError) -> (Branch, String) {
        let parent = EntryRules.parent(of: path)
        // By bytes: "/" and a combining mark that begins a name are one `Character`.
        let name = String(path.utf8.dropFirst(parent.isEmpty ? 0 : parent.utf8.count + 1)) ?? path
        while let last = branches.last, last.path != parent, !isBelow(parent, last.path) { branches.removeLast() }
        var current = branches.last ?? root
        while current.path.utf8.count < parent.utf8.count {
            let rest = parent.utf8.dropFirst(current.path.isEmpty ? 0 : current.path.utf8.count + 1)
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let below = String(parent[..<end])
            let component = String(parent[rest.startIndex..<end])
            if attributes[below] == nil {
                try make(component, in: current, below)
                attributes[below] = (TreeWriter.impliedPermissions, 0)
            }
            let opened = try attempt { () throws(FileError) in try current.directory.openDirectory(component) }
            current = Branch(below, opened)
            branches.append(current)
        }
        return (current, name)
    }

    private mutating func make(_ name: String, in parent: Branch, _ path: String) throws(TarballError) {
        try attempt { () throws(FileError) in try parent.directory.makeDirectory(name, permissions: 0o700) }
        made.append(path)
    }

    private func isBelow(_ path: String, _ directory: String) -> Bool {
        let (path, directory) = (path.utf8, directory.utf8)
        return path.count > directory.count && path.starts(with: directory)
            && path[path.index(path.startIndex, offsetBy: directory.count)] == UInt8(ascii: "/")
    }
}

/// Turns the error of a file into ours.
func attempt<Value: ~Copyable>(_ body: () throws(FileError) -> Value) throws(TarballError) -> Value {
    do throws(FileError) {
        return try body()
    } catch {
        throw .file(error)
    }
}
