internal import Glibc
internal import SystemPackage

/// Whether somebody listens at an address.
public enum TCP {
    /// Connects to `host` at `port` and closes at once. Every address of the name is tried. Blocks.
    /// - Parameter limit: For each address. Looking the name up is not counted.
    public static func connect(host: String, port: UInt16, within limit: Duration) throws(FileError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let shown = "\(host):\(port)"
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0, let first = list else {
            throw FileError("connect to", shown, .addressNotAvailable, detail: "the name is not known")
        }
        defer { freeaddrinfo(first) }
        var failure = Errno.connectionRefused
        for address in sequence(first: first, next: { $0.pointee.ai_next }) {
            guard let why = attempt(address.pointee, limit) else { return }
            failure = why
        }
        throw FileError("connect to", shown, failure)
    }

    /// - Returns: Nil when the connection was accepted.
    private static func attempt(_ address: addrinfo, _ limit: Duration) -> Errno? {
        let raw = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue),
            address.ai_protocol)
        guard raw >= 0 else { return Errno(rawValue: errno) }
        defer { close(raw) }
        if Glibc.connect(raw, address.ai_addr, address.ai_addrlen) == 0 { return nil }
        guard errno == EINPROGRESS else { return Errno(rawValue: errno) }
        var waiting = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
        let milliseconds = Int32(clamping: limit / .milliseconds(1) > 1 ? Int64(limit / .milliseconds(1)) : 1)
        switch poll(&waiting, 1, milliseconds) {
        case 0: return .timedOut
        case ..<0: return Errno(rawValue: errno)
        default: break
        }
        var status: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(raw, SOL_SOCKET, SO_ERROR, &status, &size) == 0 else { return Errno(rawValue: errno) }
        return status == 0 ? nil : Errno(rawValue: status)
    }
}
