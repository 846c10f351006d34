import FoundationEssentials
import Glibc
import SystemPackage

/// Ends the process.
func exit(with code: Int32) -> Never {
    Glibc.exit(code)
}

/// Leaves this thread to signals, for as long as the process lives.
func waitForever() -> Never {
    while true { pause() }
}

/// Seconds since 1970, now.
func secondsSince1970() -> Int {
    time(nil)
}

/// The directory that relative paths are relative to.
func workingDirectory() throws -> FilePath {
    guard let buffer = unsafe getcwd(nil, 0) else { throw Errno(rawValue: errno) }
    defer { unsafe free(buffer) }
    return FilePath(unsafe String(cString: buffer))
}

/// A moment for people, as in `2026-11-22T23:00:00Z`.
func utc(_ seconds: Int) -> String {
    Date(timeIntervalSince1970: Double(seconds)).ISO8601Format()
}
