/// Compares the entries of an archive with a manifest, one by one: kind, mode, size, digest and target must agree to the
/// byte, and neither may have a path that the other lacks.
public struct ManifestComparison: Sendable {
    private var waiting: [TreePath: PackageManifest.Entry]

    /// A comparison with `manifest`; nothing was seen of the archive yet.
    public init(_ manifest: PackageManifest) {
        waiting = Dictionary(manifest.entries.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Compares the archive's next entry.
    /// - Returns: How it differs from what the manifest says; nil when it does not.
    public mutating func difference(of entry: ArchiveEntry) -> ManifestDifference? {
        guard let found = PackageManifest.Entry(entry) else {
            return ManifestDifference(path: entry.path, found: nil, expected: nil, why: .extra)
        }
        return difference(of: found)
    }

    /// The same for an entry that is in the manifest's own terms.
    public mutating func difference(of found: PackageManifest.Entry) -> ManifestDifference? {
        guard let expected = waiting.removeValue(forKey: found.path) else {
            return ManifestDifference(path: found.path.rawValue, found: found, expected: nil, why: .extra)
        }
        return Self.reason(found, expected).map {
            ManifestDifference(path: found.path.rawValue, found: found, expected: expected, why: $0)
        }
    }

    /// What the archive lacks, once all its entries were compared, in byte order of the paths.
    public var missing: [ManifestDifference] {
        waiting.values.sorted { $0.path < $1.path }.map {
            ManifestDifference(path: $0.path.rawValue, found: nil, expected: $0, why: .missing)
        }
    }

    private static func reason(
        _ found: PackageManifest.Entry, _ expected: PackageManifest.Entry
    ) -> ManifestDifference.Reason? {
        reason(found.kind, expected.kind) ?? (found.attributes == expected.attributes ? nil : .attributes)
    }

    private static func reason(
        _ found: PackageManifest.Kind, _ expected: PackageManifest.Kind
    ) -> ManifestDifference.Reason? {
        switch (found, expected) {
        case (.file(let permissions, let size, let digest), .file(let wantedPermissions, let wantedSize, let wanted)):
            if permissions != wantedPermissions { return .mode }
            if size != wantedSize { return .size }
            return digest == wanted ? nil : .contents
        case (.directory(let permissions), .directory(let wanted)): return permissions == wanted ? nil : .mode
        // By bytes: as strings, two normal forms of one text are equal.
        case (.symlink(let target), .symlink(let wanted)): return target.utf8.elementsEqual(wanted.utf8) ? nil : .target
        case (.hardLink(let target), .hardLink(let wanted)): return target == wanted ? nil : .target
        case (.file, _), (.directory, _), (.symlink, _), (.hardLink, _): return .kind
        }
    }
}

/// One path that an archive and a manifest do not agree about.
public struct ManifestDifference: Hashable, Sendable {
    /// The path, as the one of the two writes it that has it.
    public let path: String
    /// What the archive has; nil when it has nothing there, or what no manifest can say.
    public let found: PackageManifest.Entry?
    /// What the manifest says; nil when it says nothing of the path.
    public let expected: PackageManifest.Entry?
    /// What differs.
    public let why: Reason

    /// What can differ. The words follow "the archive and the manifest differ at 'bin/jq': ".
    public enum Reason: String, Hashable, Sendable {
        case extra = "the manifest does not have it"
        case missing = "the archive does not have it"
        case kind = "the kind"
        case mode = "the mode"
        case size = "the size"
        case contents = "the contents"
        case target = "the link's target"
        case attributes = "the extended attributes"
    }
}

extension PackageManifest {
    /// The names of the extended attributes that an archive of this manifest may have, by path.
    public var attributeNames: [String: Set<String>] {
        var names: [String: Set<String>] = [:]
        for entry in entries where !entry.attributes.isEmpty {
            names[entry.path.rawValue] = Set(entry.attributes.keys.map(\.rawValue))
        }
        return names
    }

    /// The paths that an archive of this manifest may have setuid or setgid: files and directories that the manifest says
    /// so of in plain sight, and the further names of such files, since an archive repeats the mode with each.
    public var privilegedPaths: Set<TreePath> {
        var paths: Set<TreePath> = []
        for entry in entries {
            switch entry.kind {
            case .file(let permissions, _, _), .directory(let permissions):
                if permissions & 0o6000 != 0 { paths.insert(entry.path) }
            case .symlink, .hardLink: continue
            }
        }
        guard !paths.isEmpty else { return [] }
        let links = entries.filter { entry in
            if case .hardLink(let target) = entry.kind { paths.contains(target) } else { false }
        }
        return paths.union(links.map(\.path))
    }
}
