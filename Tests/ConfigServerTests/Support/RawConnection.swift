import Glibc

/// A TCP connection to loopback, for what no client library would send. It gives up after ten seconds.
///
/// Its calls wait on threads of their own: the few that tasks share are what the server under test runs on.
final class RawConnection: Sendable {
    private let descriptor: Int32

    struct Failed: Error { let errno: Int32 }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failed(errno: errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await onOwnThread { try self.sendNow(bytes) } }

    /// What comes next, at most so many bytes; empty at the end.
    func receive(_ limit: Int = 65536) async throws -> [UInt8] {
        try await onOwnThread { try self.receiveNow(limit) }
    }

    /// Everything up to the connection's end.
    func receiveAll() async throws -> String {
        try await onOwnThread {
            var all: [UInt8] = []
            while true {
                let bytes = try self.receiveNow(65536)
                if bytes.isEmpty { return String(decoding: all, as: UTF8.self) }
                all += bytes
            }
        }
    }

    /// What is there without waiting for it; nil where nothing is.
    func receiveNow() async throws -> [UInt8]? {
        try await onOwnThread {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = buffer.withUnsafeMutableBytes {
                recv(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
            }
            guard count >= 0 else {
                guard errno == EAGAIN else { throw Failed(errno: errno) }
                return nil
            }
            return Array(buffer[..<count])
        }
    }

    /// Everything up to `end`, which is in it.
    func receiveAll(upTo end: String) async throws -> String {
        try await onOwnThread {
            var all: [UInt8] = []
            while !String(decoding: all, as: UTF8.self).hasSuffix(end) {
                let bytes = try self.receiveNow(1)
                if bytes.isEmpty { break }
                all += bytes
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    /// Everything up to the end of the first head.
    func receiveHead() async throws -> String {
        try await onOwnThread {
            var all: [UInt8] = []
            while !String(decoding: all, as: UTF8.self).contains("\r\n\r\n") {
                let bytes = try self.receiveNow(1)
                if bytes.isEmpty { break }
                all += bytes
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    private func sendNow(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failed(errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    private func receiveNow(_ limit: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw Failed(errno: errno) }
        return Array(buffer[..<count])
    }

    /// Tells the server that nothing more is sent; what it sends can still be received.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Resets the connection instead of ending it in order.
    func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// Runs `work` on a new thread.
private func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let start = Unmanaged.passRetained(ThreadStart { continuation.resume(with: Swift.Result(catching: work)) })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<ThreadStart>.fromOpaque(raw).takeRetainedValue().work()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            continuation.resume(throwing: RawConnection.Failed(errno: status))
            return
        }
        pthread_detach(thread)
    }
}

private final class ThreadStart {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
}
