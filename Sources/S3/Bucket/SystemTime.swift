internal import Glibc

extension S3Surroundings {
    /// Seconds since 1970 by the machine's clock.
    public static func systemTime() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
