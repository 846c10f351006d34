internal import CLinux
public import SystemPackage

/// A call on a file that failed: what was tried, on what, and why.
public struct FileError: Error, Hashable, Sendable {
    /// The verb: "open", "link", "make directory".
    public let operation: String
    /// What it was tried on, as full as known. Of two names, the one to be made or moved.
    public let path: String
    /// The second name, where there is one: what a link leads to, where a file is moved, what it is exchanged with.
    public let other: String?
    /// The kernel's reason. Refusals of our own use the number that comes nearest, and `detail` says more.
    public let errno: Errno
    /// Words to show in place of the number's own, where those would mislead.
    public let detail: String?

    /// Notes that `operation` on `path` failed.
    public init(_ operation: String, _ path: String, with other: String? = nil, _ errno: Errno, detail: String? = nil) {
        self.operation = operation
        self.path = path
        self.other = other
        self.errno = errno
        self.detail = detail
    }

    /// One line: "cannot link /new/bin/jq to /store/bin/jq: Too many links (EMLINK)".
    public var message: String {
        let joint = operation == "exchange" ? "with" : "to"
        let second = other.map { " \(joint) \($0)" } ?? ""
        let name = linux_errno_name(errno.rawValue).map { String(cString: $0) } ?? "errno \(errno.rawValue)"
        return "cannot \(operation) \(path)\(second): \(detail ?? errno.description) (\(name))"
    }
}

extension FileError: CustomStringConvertible {
    /// The same as `message`.
    public var description: String { message }
}
