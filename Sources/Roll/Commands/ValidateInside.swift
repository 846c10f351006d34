import LinuxSystem
import SystemPackage

/// `roll validate-inside CANDIDATE PREFIX -- COMMAND…`: becomes the command, in a mount namespace of its own where the
/// candidate stands at the prefix. Used by roll itself, in a process of one thread, before anything else is set up.
enum ValidateInside {
    static let name = "validate-inside"

    /// Does not return, unless it fails.
    static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count >= 4, arguments[2] == "--" else {
            standardError("error: \(name) takes CANDIDATE PREFIX -- COMMAND…")
            return 10
        }
        let prefix = FilePath(arguments[1])
        let words = Array(arguments[3...])
        do {
            try Namespaces.enterPrivateMounts(binding: FilePath(arguments[0]), at: prefix)
            // Anew: until here it was the live tree, below what is mounted now.
            try Processes.changeDirectory(to: prefix)
            try Processes.execReplacing(
                program(words[0], prefix), arguments: words,
                environment: [
                    "PATH=\(searchPath(prefix))", "ROLLER_PREFIX=\(prefix)", "LANG=C.UTF-8", "HOME=/",
                ])
        } catch {
            standardError("error: \(error.message)")
            return 126
        }
    }

    /// A name with a slash is a path below the prefix, unless it is absolute; others are looked for in the search path.
    private static func program(_ word: String, _ prefix: FilePath) -> FilePath {
        if word.hasPrefix("/") { return FilePath(word) }
        if word.contains("/") { return prefix.appending(word) }
        let folders = searchPath(prefix).split(separator: ":").map { FilePath(String($0)) }
        let found = folders.first { folder in
            // A folder that cannot be opened holds no program for us; the last one makes the message.
            (try? Directory.open(folder, followingLinks: true).status(of: word)) ?? nil != nil
        }
        return (found ?? "/usr/bin").appending(word)
    }
}
