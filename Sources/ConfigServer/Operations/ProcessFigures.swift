internal import Glibc
internal import LinuxSystem
internal import SystemPackage

/// What the kernel says of this process.
struct ProcessFigures: Hashable, Sendable {
    /// Time on processors, of the program and of the kernel for it, in seconds.
    let processorSeconds: Double
    let residentBytes: Int
    let threads: Int
    /// When it began, in seconds since 1970.
    let started: Double
    let openDescriptors: Int
    let maximumDescriptors: Int

    /// Reads them from /proc (proc_pid_stat(5)).
    static func current() throws(FileError) -> ProcessFigures {
        let own = try Directory.open("/proc/self", followingLinks: true)
        let stat = String(decoding: try own.readFile("stat", limit: 4096), as: UTF8.self)
        // The second field is the program's name in brackets, which may hold spaces.
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        let number = { (field: Int) in fields.indices.contains(field - 3) ? Double(fields[field - 3]) ?? 0 : 0 }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var limit = rlimit()
        let hasLimit = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return ProcessFigures(
            processorSeconds: (number(14) + number(15)) / ticks,
            residentBytes: Int(number(24)) * Int(sysconf(Int32(_SC_PAGESIZE))), threads: Int(number(20)),
            started: try bootTime() + number(22) / ticks,
            openDescriptors: try own.openDirectory("fd").entries().count,
            maximumDescriptors: hasLimit ? Int(clamping: limit.rlim_cur) : 0)
    }

    private static func bootTime() throws(FileError) -> Double {
        let stat = try Directory.open("/proc", followingLinks: true).readFile("stat", limit: 1 << 20)
        let line = String(decoding: stat, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) } ?? 0
    }
}
