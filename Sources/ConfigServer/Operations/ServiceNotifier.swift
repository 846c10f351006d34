internal import Glibc
internal import RollerCore

/// Tells systemd how the server is: the protocol of sd_notify(3), which is datagrams of lines to a socket.
struct ServiceNotifier: Sendable {
    /// A path, or a name of the abstract namespace that begins with `@`.
    private let socket: String
    /// How often systemd wants to hear that the server is alive; nil where it does not.
    let watchdog: Duration?

    /// Nil where nobody wants to be told: the server was not started by systemd, or not as `Type=notify`.
    init?(environment: (String) -> String?) {
        guard let socket = environment("NOTIFY_SOCKET"), socket.hasPrefix("/") || socket.hasPrefix("@") else {
            return nil
        }
        self.socket = socket
        let isForUs = environment("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        watchdog = isForUs ? environment("WATCHDOG_USEC").flatMap { Int64($0) }.map { .microseconds($0) } : nil
    }

    /// Sends lines such as `READY=1`. Best effort, as sd_notify says: a server does not end for want of a listener.
    func tell(_ lines: String...) {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(socket.utf8)
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let message = Array(lines.joined(separator: "\n").utf8)
        _ = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe message.withUnsafeBytes { bytes in
                    unsafe sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), address, length)
                }
            }
        }
    }
}
