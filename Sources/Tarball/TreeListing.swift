internal import LinuxSystem
internal import SystemPackage

/// All of a tree that is to be packed, looked at once, in the order it is written.
struct TreeListing {
    struct Item {
        var entry: TarballEntry
        /// The path in the tree, with the prefix that is stripped from the entry's.
        let source: String
        let status: FileStatus
    }

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private(set) var items: [Item] = []
    let options: TarballBuilder.Options
    private let prefix: String

    init(_ directory: borrowing Directory, _ options: TarballBuilder.Options) throws(TarballError) {
        self.options = options
        prefix = options.stripPrefix
        if !prefix.isEmpty {
            let plain = try PathRules.normalised(Array(prefix.utf8), isDirectory: false, options.policy)
            guard plain.utf8.elementsEqual(prefix.utf8) else { throw .unclearPath(prefix) }
            // Said here, or a tree without the prefix would pass for an empty one.
            let kind = try attempt { () throws(FileError) in try directory.status(of: prefix)?.kind }
            guard kind == .directory else {
                throw .file(FileError("strip", prefix, .notDirectory, detail: "the tree has no such directory"))
            }
        }
        try list(directory, at: "")
        items.sort { $0.entry.path.utf8.lexicographicallyPrecedes($1.entry.path.utf8) }
        linkSameFiles()
    }

    private mutating func list(_ directory: borrowing Directory, at parent: String) throws(TarballError) {
        let names: [Directory.Entry]
        do throws(FileError) {
            names = try directory.entries()
        } catch {
            throw .file(error)
        }
        for name in names {
            let source = parent.isEmpty ? name.name : "\(parent)/\(name.name)"
            if options.skipped.contains(source) { continue }
            let status: FileStatus?
            do throws(FileError) {
                status = try directory.status(of: name.name)
            } catch {
                throw .file(error)
            }
            guard let status else { throw .changedWhileRead(source) }
            try list(name.name, in: directory, source, status)
        }
    }

    private mutating func list(
        _ name: String, in directory: borrowing Directory, _ source: String, _ status: FileStatus
    ) throws(TarballError) {
        if let path = try stripped(source, status.kind) {
            guard options.keep(path, status.kind) else { return }
            guard items.count < options.policy.maxEntries else {
                throw .tooManyEntries(limit: options.policy.maxEntries)
            }
            let kind = try kind(name, in: directory, path, status)
            let plain = try PathRules.normalised(
                Array(path.utf8), isDirectory: status.kind == .directory, options.policy)
            let attributes = try attributes(name, in: directory)
            items.append(
                Item(
                    entry: TarballEntry(
                        path: plain, kind: kind, permissions: permissions(status), modified: options.modified,
                        extendedAttributes: attributes),
                    source: source, status: status))
        }
        guard status.kind == .directory else { return }
        let below: Directory
        do throws(FileError) {
            below = try directory.openDirectory(name)
        } catch {
            throw .file(error)
        }
        try list(below, at: source)
    }

    /// The path without the prefix, or nil for the directories that lead to it.
    private func stripped(_ source: String, _ kind: FileKind) throws(TarballError) -> String? {
        guard !prefix.isEmpty else { return source }
        if source.utf8.starts(with: "\(prefix)/".utf8) { return String(source.utf8.dropFirst(prefix.utf8.count + 1)) }
        guard kind == .directory, "\(prefix)/".utf8.starts(with: "\(source)/".utf8) else {
            throw .outsidePrefix(source, prefix: prefix)
        }
        return nil
    }

    private func kind(
        _ name: String, in directory: borrowing Directory, _ path: String, _ status: FileStatus
    ) throws(TarballError) -> TarballEntry.Kind {
        switch status.kind {
        case .regular: return .file(size: status.size)
        case .directory: return .directory
        case .symlink:
            do throws(FileError) {
                return .symlink(target: try directory.readLink(name))
            } catch {
                throw .file(error)
            }
        case .characterDevice, .blockDevice: throw .device(path)
        case .fifo, .socket: throw .fifoOrSocket(path)
        }
    }

    /// What would be lost without a word, for the policy to refuse: capabilities, access lists, notes.
    private func attributes(_ name: String, in directory: borrowing Directory) throws(TarballError) -> [String: [UInt8]]
    {
        do throws(FileError) {
            let all = try directory.extendedAttributes(of: name)
            return all.filter { !TreeListing.machineLabels.contains($0.key) }
        } catch {
            throw .file(error)
        }
    }

    /// Labels that a machine gives to all its files. They say where a file stands, not what it is.
    private static let machineLabels: Set<String> = ["security.selinux", "security.ima", "security.evm"]

    private func permissions(_ status: FileStatus) -> UInt16 {
        if status.kind == .symlink { return 0o777 }  // Linux gives them no others
        switch options.permissions {
        case .exact: return status.permissions
        case .normalised:
            let isExecutable = status.kind == .directory || status.permissions & 0o100 != 0
            return status.permissions & 0o7000 | (isExecutable ? 0o755 : 0o644)
        }
    }

    /// Makes every name of a file but the first a link to the first.
    private mutating func linkSameFiles() {
        var first: [Identity: String] = [:]
        for index in items.indices where items[index].status.kind == .regular && items[index].status.links > 1 {
            let identity = Identity(device: items[index].status.device, inode: items[index].status.inode)
            if let target = first[identity] {
                items[index].entry.kind = .hardLink(target: target)
                items[index].entry.extendedAttributes = [:]  // they are the file's, which its first name brings
            } else {
                first[identity] = items[index].entry.path
            }
        }
    }
}
