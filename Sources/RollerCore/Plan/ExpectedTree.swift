/// What a generation's tree was made as, path by path: from its record and the manifests of its packages.
public struct ExpectedTree: Hashable, Sendable {
    /// What should stand at each path. Roller's own marker is not in it.
    public private(set) var entries: [TreePath: Entry] = [:]

    /// One path.
    public struct Entry: Hashable, Sendable {
        /// What stands there.
        public let kind: Kind
        /// The permission bits; nil where they are nobody's word: a symlink's, and those of a directory that is only
        /// there because something is in it.
        public let permissions: UInt16?
        /// The mode and owner that were declared for the path. Without, it belongs to whoever rolls.
        public let declared: ModeAndOwner?
        /// The extended attributes that the package says it has; the file system's own are nobody's word.
        public var attributes: [AttributeName: [UInt8]] = [:]
        /// Who brings it.
        public let source: Source
    }

    /// What stands at a path. A hard link is the file that it is a name of.
    public enum Kind: Hashable, Sendable {
        case file(size: ByteCount, digest: Digest)
        case directory
        case symlink(target: String)
    }

    /// Who brings a path.
    public enum Source: Hashable, Sendable {
        case package(PackageName)
        case hostclass
        case keep
        /// A directory above something else.
        case implied

        /// In words, to follow "from".
        public var text: String {
            switch self {
            case .package(let name): "package \(name)"
            case .hostclass: "the class's files"
            case .keep: "keep"
            case .implied: "what is in it"
            }
        }
    }

    /// The tree of no generation: all that is found is extra.
    public init() {}

    /// The tree of a generation.
    /// - Parameters:
    ///   - keep: Where kept data lives; links at the paths of `keep` lead below it.
    ///   - manifest: The manifest of each of its packages.
    public init(
        _ record: GenerationRecord, keep: String, manifest: (Bundle.Package) throws -> PackageManifest
    ) rethrows {
        for package in record.packages { add(try manifest(package), record.modes) }
        for file in record.files {
            let kind = Kind.file(size: file.size, digest: file.digest)
            entries[file.path] = Entry(
                kind: kind, permissions: file.mode.permissions, declared: record.modes[file.path], source: .hostclass)
            imply(above: file.path, record.modes)
        }
        for path in record.keep {
            entries[path] = Entry(
                kind: .symlink(target: "\(keep)/\(path)"), permissions: nil, declared: nil, source: .keep)
            imply(above: path, record.modes)
        }
    }

    private mutating func add(_ manifest: PackageManifest, _ modes: [TreePath: ModeAndOwner]) {
        entries.reserveCapacity(entries.count + manifest.entries.count)
        let source = Source.package(manifest.name)
        var links: [(path: TreePath, target: TreePath)] = []
        for entry in manifest.entries {
            let declared = modes[entry.path]
            switch entry.kind {
            case .file(let permissions, let size, let digest):
                entries[entry.path] = Entry(
                    kind: .file(size: size, digest: digest), permissions: declared?.permissions ?? permissions,
                    declared: declared, attributes: entry.attributes, source: source)
            case .directory(let permissions):
                // Of several packages with one directory, the first makes it.
                if let before = entries[entry.path], before.permissions != nil { continue }
                entries[entry.path] = Entry(
                    kind: .directory, permissions: declared?.permissions ?? permissions, declared: declared,
                    source: source)
            case .symlink(let target):
                entries[entry.path] = Entry(
                    kind: .symlink(target: target), permissions: nil, declared: declared, source: source)
            case .hardLink(let target): links.append((entry.path, target))
            }
            imply(above: entry.path, modes)
        }
        for link in links {
            guard let file = entries[link.target] else { continue }  // a manifest that was read has no such link
            let declared = modes[link.path]
            // A mode declared for one name of a file leaves its other names as they were packaged.
            let own = file.declared == nil ? file.permissions : manifest.permissions(of: link.target)
            entries[link.path] = Entry(
                kind: file.kind, permissions: declared?.permissions ?? own, declared: declared,
                attributes: file.attributes, source: source)
        }
    }

    /// Directories that are there because something is in them.
    private mutating func imply(above path: TreePath, _ modes: [TreePath: ModeAndOwner]) {
        var next = path.parent
        while let folder = next, entries[folder] == nil {
            entries[folder] = Entry(
                kind: .directory, permissions: modes[folder]?.permissions, declared: modes[folder], source: .implied)
            next = folder.parent
        }
    }
}

extension PackageManifest {
    /// The permission bits that the file at `path` has in the package.
    fileprivate func permissions(of path: TreePath) -> UInt16? {
        for entry in entries where entry.path == path {
            if case .file(let permissions, _, _) = entry.kind { return permissions }
        }
        return nil
    }
}
