internal import Glibc
public import SystemPackage

extension Processes {
    /// A process that stands on directories, or has files in them open.
    public struct User: Hashable, Sendable {
        /// Its number.
        public let process: Int32
        /// The name of its program, as the kernel has it: 15 bytes at most.
        public let name: String
        /// The directories, by name.
        public let places: Set<String>
    }

    /// The processes that use something in the directories directly below `folder`: as `places(below:)` has it, and files
    /// that they hold open too. By number.
    /// - Parameter folder: Absolute, and without symlinks.
    public static func users(below folder: FilePath) throws(FileError) -> [User] {
        let needle = Array((folder.string + "/").utf8)
        var found: [User] = []
        for entry in try Directory.open("/proc").entries() {
            guard entry.kind == .directory, let number = Int32(entry.name), number != own else { continue }
            let places = names(after: needle, of: number).union(openFiles(after: needle, of: number))
            guard !places.isEmpty else { continue }
            // It may have ended since.
            let name = (try? Directory.open(FilePath("/proc/\(number)")).readFile("comm", limit: 4096)) ?? []
            found.append(
                User(
                    process: number, name: String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self),
                    places: places))
        }
        return found.sorted { $0.process < $1.process }
    }

    private static func openFiles(after needle: [UInt8], of process: Int32) -> Set<String> {
        guard let folder = try? Directory.open(FilePath("/proc/\(process)/fd")), let entries = try? folder.entries()
        else { return [] }
        return entries.reduce(into: []) { found, entry in
            guard let text = try? folder.readLink(entry.name) else { return }
            found.formUnion(names(after: needle, in: Array(text.utf8)))
        }
    }
}
