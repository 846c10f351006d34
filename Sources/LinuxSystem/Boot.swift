internal import Glibc
internal import SystemPackage

/// The time since the machine last started.
public enum Boot {
    /// A number that every start draws anew: two records with the same one were made without a reboot between them.
    public static func id() throws(FileError) -> String {
        let bytes = try Directory.open("/proc/sys/kernel/random").readFile("boot_id", limit: 4096)
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// How long ago the machine started, time asleep included (CLOCK_BOOTTIME). Nobody can set it.
    public static func elapsed() throws(FileError) -> Duration {
        var time = timespec()
        try attempt("read", "the boot clock") { clock_gettime(CLOCK_BOOTTIME, &time) }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
