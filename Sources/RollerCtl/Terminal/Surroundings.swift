import Glibc
import SystemPackage

/// What a command takes from the world: where it is, what time it is, whom it talks to.
struct Surroundings: Sendable {
    /// Where words and data go.
    var console: Console
    /// The current directory.
    var directory: FilePath
    /// The environment's variables.
    var variables: [String: String]
    /// Variables that child processes get beside those of this process.
    var childVariables: [String: String] = [:]
    /// All of standard input.
    var input: @Sendable () throws -> [UInt8] = { try standardInput() }
    /// Waits.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Seconds since 1970 UTC.
    var now: @Sendable () -> Int64

    /// `path` from the current directory.
    func resolve(_ path: String) -> FilePath { directory.pushing(FilePath(path)) }

    /// Those of this process.
    static func process() -> Surroundings {
        let variables = environment()
        return Surroundings(
            console: .process(variables: variables), directory: FilePath("."), variables: variables,
            now: { Int64(time(nil)) })
    }

    private static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        // Nothing has started that could change the environment meanwhile: this is the first thing that runs.
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            unsafe next += 1
        }
        return variables
    }
}
