/// What differs between two versions of a package, path by path.
public struct ManifestChanges: Hashable, Sendable {
    /// A path that both have, and not alike.
    public struct Change: Hashable, Sendable {
        /// What stood there.
        public let old: PackageManifest.Entry
        /// What stands there now.
        public let new: PackageManifest.Entry
        /// What differs, in the words of `ManifestDifference.Reason` and in its order.
        public let what: [ManifestDifference.Reason]
    }

    /// What only the new one has, by path.
    public private(set) var added: [PackageManifest.Entry] = []
    /// What only the old one has, by path.
    public private(set) var removed: [PackageManifest.Entry] = []
    /// What both have, and not alike, by path.
    public private(set) var changed: [Change] = []

    /// Whether the two hold the same.
    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// How many bytes more the files take up together now.
    public var growth: Int64 {
        (added + changed.map(\.new)).reduce(0) { $0 + $1.fileBytes }
            - (removed + changed.map(\.old)).reduce(0) { $0 + $1.fileBytes }
    }

    /// Compares what two versions hold.
    public init(from old: [PackageManifest.Entry], to new: [PackageManifest.Entry]) {
        let old = old.sorted { $0.path < $1.path }
        let new = new.sorted { $0.path < $1.path }
        var (left, right) = (old[...], new[...])
        while let before = left.first, let after = right.first {
            if before.path == after.path {
                let what = Self.differences(before, after)
                if !what.isEmpty { changed.append(Change(old: before, new: after, what: what)) }
                left = left.dropFirst()
                right = right.dropFirst()
            } else if before.path < after.path {
                removed.append(before)
                left = left.dropFirst()
            } else {
                added.append(after)
                right = right.dropFirst()
            }
        }
        removed += left
        added += right
    }

    private static func differences(
        _ old: PackageManifest.Entry, _ new: PackageManifest.Entry
    ) -> [ManifestDifference.Reason] {
        var what: [ManifestDifference.Reason] = []
        switch (old.kind, new.kind) {
        case (.file(let mode, let size, let digest), .file(let newMode, let newSize, let newDigest)):
            if mode != newMode { what.append(.mode) }
            if size != newSize { what.append(.size) }
            if digest != newDigest { what.append(.contents) }
        case (.directory(let mode), .directory(let newMode)):
            if mode != newMode { what.append(.mode) }
        case (.symlink(let target), .symlink(let newTarget)):
            if !target.utf8.elementsEqual(newTarget.utf8) { what.append(.target) }
        case (.hardLink(let target), .hardLink(let newTarget)):
            if target != newTarget { what.append(.target) }
        case (.file, _), (.directory, _), (.symlink, _), (.hardLink, _): what.append(.kind)
        }
        if old.attributes != new.attributes { what.append(.attributes) }
        return what
    }
}

extension PackageManifest.Entry {
    fileprivate var fileBytes: Int64 {
        if case .file(_, let size, _) = kind { size.bytes } else { 0 }
    }
}
