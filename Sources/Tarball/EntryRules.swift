/// The rules that need the whole tarball so far: what is where, and how much there is.
struct EntryRules {
    private enum Kind { case file, other, directory, impliedDirectory }
    private struct Place {
        let path: String
        var kind: Kind
    }

    let policy: TarballPolicy
    private(set) var totals = TarballTotals()
    /// By lower-cased path. `String` compares by canonical equivalence, so normal forms fall together as well.
    private var places: [String: Place] = [:]
    private var pathBytes = 0
    /// The parent of the entry before, known to be a directory: most entries share it.
    private var lastParent = ""

    init(_ policy: TarballPolicy) { self.policy = policy }

    /// Accepts an entry with a normalised path and checked link targets, or says why not.
    mutating func accept(_ entry: TarballEntry) throws(TarballError) {
        try checkOwner(entry)
        try checkAttributes(entry)
        if entry.permissions & 0o6000 != 0 {
            switch policy.setuid {
            case .any: break
            case .only(let paths) where paths.contains(entry.path): break
            case .none, .only: throw .setuid(entry.path)
            }
        }
        guard entry.size <= policy.maxEntryBytes else { throw .entryTooLarge(entry.path, limit: policy.maxEntryBytes) }
        totals.count(entry)
        guard totals.unpackedBytes <= policy.maxUnpackedBytes else { throw .tooLarge(limit: policy.maxUnpackedBytes) }

        try checkParents(of: entry.path)
        try place(entry)
    }

    private func checkOwner(_ entry: TarballEntry) throws(TarballError) {
        guard case .only(let owners) = policy.owners, !owners.contains(.init(uid: entry.uid, gid: entry.gid)) else {
            return
        }
        throw .ownerNotAllowed(entry.path, uid: Int64(entry.uid), gid: Int64(entry.gid))
    }

    private func checkAttributes(_ entry: TarballEntry) throws(TarballError) {
        guard !entry.extendedAttributes.isEmpty else { return }
        var isFile = false
        if case .file = entry.kind { isFile = true }
        for name in entry.extendedAttributes.keys.sorted() {
            guard isFile, policy.attributes.allows(name, at: entry.path) else {
                throw .extendedAttribute(entry.path, name: name)
            }
        }
        let size = entry.extendedAttributes.reduce(0) { $0 + $1.key.utf8.count + $1.value.count }
        guard size <= policy.maxAttributeBytes else {
            throw .attributesTooLarge(entry.path, limit: policy.maxAttributeBytes)
        }
    }

    private mutating func place(_ entry: TarballEntry) throws(TarballError) {
        let kind: Kind
        switch entry.kind {
        case .file: kind = .file
        case .directory: kind = .directory
        case .symlink(let target):
            kind = .other
            try charge(target.utf8.count, entries: 0)
        case .hardLink(let target):
            kind = .other
            try charge(target.utf8.count, entries: 0)
            guard let place = places[target.lowercased()], isSame(place.path, target), place.kind == .file else {
                throw .hardLinkToMissing(entry.path, target: target)
            }
        }
        let key = entry.path.lowercased()
        guard let place = places[key] else {
            try charge(entry.path.utf8.count, entries: 1)
            places[key] = Place(path: entry.path, kind: kind)
            return
        }
        guard isSame(place.path, entry.path) else { throw .pathClash(entry.path, with: place.path) }
        guard place.kind == .impliedDirectory, kind == .directory else {
            if place.kind == .impliedDirectory { throw .badHeader(entry.path, why: "earlier paths lie below it") }
            throw .duplicatePath(entry.path)
        }
        places[key] = Place(path: entry.path, kind: .directory)
    }

    /// Every component above must be a directory, or becomes one that the path implies.
    private mutating func checkParents(of path: String) throws(TarballError) {
        let parent = EntryRules.parent(of: path)
        if parent.isEmpty || (isSame(parent, lastParent)) { return }
        let bytes = Array(path.utf8)
        for end in bytes.indices where bytes[end] == UInt8(ascii: "/") {
            let above = String(decoding: bytes[..<end], as: UTF8.self)
            let key = above.lowercased()
            if let place = places[key] {
                guard isSame(place.path, above) else { throw .pathClash(path, with: place.path) }
                guard place.kind == .directory || place.kind == .impliedDirectory else {
                    throw .fileBelowNonDirectory(path, parent: above)
                }
            } else {
                try charge(above.utf8.count, entries: 1)
                places[key] = Place(path: above, kind: .impliedDirectory)
            }
        }
        lastParent = parent
    }

    private mutating func charge(_ bytes: Int, entries: Int) throws(TarballError) {
        pathBytes += bytes
        guard pathBytes <= policy.maxPathBytesInAll else { throw .tooManyPathBytes(limit: policy.maxPathBytesInAll) }
        guard places.count + entries <= policy.maxEntries else { throw .tooManyEntries(limit: policy.maxEntries) }
    }

    /// Equal byte for byte, which `==` of strings is not.
    private func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(path[..<slash])
    }
}
