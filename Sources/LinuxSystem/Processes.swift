internal import Glibc
public import SystemPackage

/// Other processes, and becoming another program.
public enum Processes {
    /// The number of this process.
    public static var own: Int32 { getpid() }

    /// Makes `path` the directory that relative paths of this process, and of what it runs, begin at.
    public static func changeDirectory(to path: FilePath) throws(FileError) {
        _ = try attempt("change the directory to", path.string) { path.withPlatformString { chdir($0) } }
    }

    /// Ends every process of the group at once, if there is one (SIGKILL). They may be dying yet when this returns.
    public static func killGroup(_ group: Int32) {
        guard group > 1 else { return }
        kill(-group, SIGKILL)  // ESRCH: there is none; EPERM: it became another user's, and is not ours to end
    }

    /// What new files of this process, and of what it runs, lack of the permissions that they ask for (umask(2)).
    public static func setFileModeMask(_ mask: UInt16) { umask(mode_t(mask)) }

    /// Where the program that this process runs stands; what /proc says (proc(5)).
    public static func ownProgram() throws(FileError) -> FilePath {
        FilePath(try Directory.open("/proc/self", followingLinks: true).readLink("exe"))
    }

    /// Runs the program at `path` in the place of this one, which ends here unless it fails. Descriptors marked
    /// close-on-exec, all that this module opens, are closed.
    /// - Parameters:
    ///   - arguments: With the program's own name first.
    ///   - environment: All of it: "NAME=value" each.
    public static func execReplacing(
        _ path: FilePath, arguments: [String], environment: [String]
    ) throws(FileError) -> Never {
        guard !(arguments + environment).contains(where: { $0.utf8.contains(0) }) else {
            throw FileError("run", path.string, .invalidArgument, detail: "an argument contains a zero byte")
        }
        let failure = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                path.withPlatformString { path in
                    execve(path, arguments, environment)
                    return errno
                }
            }
        }
        throw FileError("run", path.string, Errno(rawValue: failure))
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    /// When the process started, in clock ticks since boot: together with its number the identity of a process, since
    /// numbers are used again. Nil when there is none, or it has ended and only waits to be reaped.
    public static func startTime(of pid: Int32) throws(FileError) -> UInt64? {
        let path = "/proc/\(pid)"
        do throws(FileError) {
            let text = try Directory.open(FilePath(path)).readFile("stat", limit: 64 << 10)
            guard let stat = ProcessStat(text) else {
                throw FileError("read", "\(path)/stat", .invalidArgument, detail: "fields are missing")
            }
            return stat.hasEnded ? nil : stat.startTime
        } catch let error where error.errno == .noSuchFileOrDirectory || error.errno == .noSuchProcess {
            return nil
        }
    }

    /// Whether the process that had this number and started then still runs.
    public static func isAlive(_ pid: Int32, startTime: UInt64) throws(FileError) -> Bool {
        try Self.startTime(of: pid) == startTime
    }
}

/// What /proc/PID/stat tells (proc(5)).
struct ProcessStat {
    let hasEnded: Bool
    let startTime: UInt64

    /// `1234 (any) text) S 1 …`: the name may hold blanks and parentheses, so fields count from the last one. The state is
    /// field 3 and the start time field 22.
    init?(_ text: [UInt8]) {
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count >= 20, let time = UInt64(String(decoding: fields[19], as: UTF8.self)) else { return nil }
        hasEnded = ["Z", "X", "x"].contains(String(decoding: fields[0], as: UTF8.self))
        startTime = time
    }
}
