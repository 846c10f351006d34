internal import Glibc
public import SystemPackage

extension Processes {
    /// Which of the directories directly below `folder` some process stands on: its program, its root, its working
    /// directory or a file that it has mapped is in one. With the number of one such process each.
    ///
    /// Told by path, as /proc has it (proc(5)): a path moves with its directory, and of a file with several names it is the
    /// one that was opened. Without privileges only the caller's own processes can be looked into, and others pass for ones
    /// that stand elsewhere.
    /// - Parameter folder: Absolute, and without symlinks.
    public static func places(below folder: FilePath) throws(FileError) -> [String: Int32] {
        let needle = Array((folder.string + "/").utf8)
        var found: [String: Int32] = [:]
        for entry in try Directory.open("/proc").entries() {
            guard entry.kind == .directory, let number = Int32(entry.name) else { continue }
            for name in names(after: needle, of: number) where found[name] == nil { found[name] = number }
        }
        return found
    }

    /// A process may end at any time, and others' may not be looked into: what cannot be read names nothing.
    static func names(after needle: [UInt8], of process: Int32) -> Set<String> {
        guard let folder = try? Directory.open(FilePath("/proc/\(process)")) else { return [] }
        var texts: [[UInt8]] = []
        // A thread of the kernel has no program, and nothing mapped.
        guard let program = try? folder.readLink("exe") else { return [] }
        texts.append(Array(program.utf8))
        for link in ["cwd", "root"] {
            if let text = try? folder.readLink(link) { texts.append(Array(text.utf8)) }
        }
        if let maps = try? folder.readFile("maps", limit: 256 << 20) { texts.append(maps) }
        return texts.reduce(into: []) { $0.formUnion(names(after: needle, in: $1)) }
    }

    /// The first component after each place where `needle` begins a path in `text`.
    static func names(after needle: [UInt8], in text: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        // Of a line of `maps` only the path holds a slash, and it comes last.
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let slash = line.firstIndex(of: UInt8(ascii: "/")), line[slash...].starts(with: needle) else {
                continue
            }
            let name = line[(slash + needle.count)...].prefix { $0 != UInt8(ascii: "/") }
            found.insert(String(decoding: name, as: UTF8.self))
        }
        return found
    }
}
