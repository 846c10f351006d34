/// One entry of a tree object, checked.
struct TreeEntry: Hashable {
    enum Kind: Hashable {
        case directory
        case file(FileMode)
    }

    let name: String
    let kind: Kind
    let id: ObjectID
}

/// What is wrong with a tree object.
struct TreeFault: Error, Hashable {
    let name: String
    let problem: EntryProblem
}

/// Reads tree objects strictly, where git and libgit2 are lenient: a tree is written by whoever may push, and its names
/// become paths. What `git fsck` finds fault with, and what Swift strings or Linux paths cannot tell apart, is refused.
enum TreeObject {
    /// The entries of a tree object, in its order, which is the byte order of the paths below it.
    static func entries(_ bytes: [UInt8]) throws(TreeFault) -> [TreeEntry] {
        var entries: [TreeEntry] = []
        entries.reserveCapacity(bytes.count / 40)
        var order = TreeOrder()
        var accented: Set<String> = []
        var offset = 0
        while let raw = try next(in: bytes, at: &offset) {
            let name = try text(bytes[raw.name])
            try order.admit(bytes[raw.name], isDirectory: raw.kind == .directory)
            if !name.utf8.allSatisfy({ $0 < 0x80 }), !accented.insert(name).inserted {
                throw TreeFault(name: name, problem: .equivalent)
            }
            entries.append(TreeEntry(name: name, kind: raw.kind, id: raw.id))
        }
        return entries
    }

    private struct RawEntry {
        let kind: TreeEntry.Kind
        let name: Range<Int>
        let id: ObjectID
    }

    /// Each entry is `MODE NAME\0` and 20 bytes.
    private static func next(in bytes: [UInt8], at offset: inout Int) throws(TreeFault) -> RawEntry? {
        guard offset < bytes.count else { return nil }
        let rest = bytes[offset...]
        guard let space = rest.prefix(8).firstIndex(of: UInt8(ascii: " ")),
            let end = bytes[(space + 1)...].firstIndex(of: 0), end > space + 1, bytes.count - end > 20,
            let id = ObjectID(bytes: bytes[(end + 1)...(end + 20)])
        else { throw TreeFault(name: escaped(rest.prefix(64)), problem: .malformed) }
        let mode = String(decoding: bytes[offset..<space], as: UTF8.self)
        guard let kind = kind(mode) else {
            throw TreeFault(name: escaped(bytes[(space + 1)..<end]), problem: .mode(mode))
        }
        offset = end + 21
        return RawEntry(kind: kind, name: (space + 1)..<end, id: id)
    }

    private static func kind(_ mode: String) -> TreeEntry.Kind? {
        switch mode {
        case "40000": .directory
        // The second is from git's first months, and git still reads it as the first.
        case "100644", "100664": .file(.regular)
        case "100755": .file(.executable)
        case "120000": .file(.symlink)
        case "160000": .file(.submodule)
        default: nil
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(TreeFault) -> String {
        func fault(_ problem: EntryProblem) -> TreeFault { TreeFault(name: escaped(bytes), problem: problem) }
        guard bytes.count <= 255 else { throw fault(.tooLong) }
        guard !bytes.contains(UInt8(ascii: "/")) else { throw fault(.slash) }
        guard let name = String(validating: bytes, as: UTF8.self) else { throw fault(.notUTF8) }
        if let problem = problem(withName: name) { throw fault(problem) }
        return name
    }

    /// What forbids `name`, which contains no slash, as one component of a path.
    static func problem(withName name: String) -> EntryProblem? {
        if name == "." || name == ".." { return .dots }
        if name.utf8.count == 4, name.lowercased() == ".git" { return .dotGit }
        if !name.utf8.allSatisfy({ $0 < 0x80 }) {
            // A combining mark at the front, say: "etc/" and such a name would have no character "/" between them.
            let around = "/\(name)/"
            if around.first != "/" || around.last != "/" { return .joinsSeparator }
        }
        return nil
    }
}

/// Git's order of names: by bytes, a directory as if its name ended in "/".
private struct TreeOrder {
    private var previous: (name: ArraySlice<UInt8>, isDirectory: Bool)?
    /// Files whose names begin all names since. A directory "a" may follow a file "a" at a distance: a, a.b, a/.
    private var shadows: [ArraySlice<UInt8>] = []

    mutating func admit(_ name: ArraySlice<UInt8>, isDirectory: Bool) throws(TreeFault) {
        if let previous {
            guard previous.name != name else { throw TreeFault(name: escaped(name), problem: .duplicate) }
            let left = previous.isDirectory ? previous.name + [UInt8(ascii: "/")] : previous.name
            let right = isDirectory ? name + [UInt8(ascii: "/")] : name
            guard left.lexicographicallyPrecedes(right) else {
                throw TreeFault(name: escaped(name), problem: .unsorted)
            }
        }
        while let last = shadows.last, !name.starts(with: last) { shadows.removeLast() }
        if isDirectory {
            guard shadows.last != name else { throw TreeFault(name: escaped(name), problem: .duplicate) }
        } else {
            shadows.append(name)
        }
        previous = (name, isDirectory)
    }
}

/// Text for people to read: what is not UTF-8, and control characters, as `\xNN`.
func escaped(_ bytes: some Collection<UInt8>) -> String {
    let isText = String(validating: bytes, as: UTF8.self) != nil
    var text: [UInt8] = []
    for byte in bytes {
        if byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !isText) {
            let hex = String(byte, radix: 16, uppercase: true)
            text.append(contentsOf: Array("\\x\(hex.count == 1 ? "0" : "")\(hex)".utf8))
        } else {
            text.append(byte)
        }
    }
    return String(decoding: text, as: UTF8.self)
}
