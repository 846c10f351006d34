import Glibc
import Synchronization
import Testing

/// What happens on a connection.
enum Fault: Sendable {
    /// What comes goes through, both ways.
    case pass
    /// As `pass`, until the server's side has sent this many bytes; then both ends are cut.
    case cutAnswer(after: Int)
    /// As `pass`, until the client has sent this many bytes; then both ends are cut.
    case cutRequest(after: Int)
    /// Reads a request's head, sends this, and hangs up.
    case raw(String)
    /// Reads a request's head, sends this, and then letters until the client hangs up.
    case endless(String)
    /// Reads a request's head and says nothing.
    case silence

    /// A whole answer.
    static func answer(_ status: String, _ headers: [String] = [], body: String = "") -> Fault {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
        return .raw(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// An error document as S3 sends it.
    static func refusal(_ status: String, _ code: String, _ headers: [String] = []) -> Fault {
        answer(
            status, headers + ["x-amz-request-id: REQ1"],
            body: "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>why\nnot</Message></Error>")
    }
}

/// Stands between a client and a server, or in place of one, and does to each connection what the test says.
final class FaultProxy: Sendable {
    let port: Int
    private let listener: CInt
    private let heard = Mutex<[String]>([])
    private let open = Mutex<(descriptors: Set<CInt>, threads: Int)>(([], 0))

    /// The heads of requests that were answered by the proxy itself.
    var requests: [String] { heard.withLock { $0 } }

    /// Runs `body` with a proxy, and ends the proxy with it.
    /// - Parameter faults: For each connection in turn; the last one goes for all after it.
    static func running(
        to upstream: Int? = nil, _ faults: [Fault], _ body: (FaultProxy) async throws -> Void
    ) async throws {
        let proxy = try FaultProxy(upstream, faults)
        defer { proxy.end() }
        try await body(proxy)
    }

    private init(_ upstream: Int?, _ faults: [Fault]) throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isBound)
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        try startThread { [self] in
            var number = 0
            while case let client = accept(listener, nil, nil), client >= 0 {
                let fault = faults[min(number, faults.count - 1)]
                number += 1
                guard hold(client) else { return }
                try? startThread { [self] in
                    play(fault, client, upstream)
                    release(client)
                }
            }
        }
    }

    private func end() {
        shutdown(listener, CInt(SHUT_RDWR))
        open.withLock { for descriptor in $0.descriptors { shutdown(descriptor, CInt(SHUT_RDWR)) } }
        while open.withLock({ $0.threads }) > 0 { sched_yield() }
        close(listener)
    }

    private func hold(_ descriptor: CInt) -> Bool {
        open.withLock { open in
            open.descriptors.insert(descriptor)
            open.threads += 1
            return true
        }
    }

    private func release(_ descriptor: CInt) {
        open.withLock { open in
            open.descriptors.remove(descriptor)
            open.threads -= 1
            close(descriptor)
        }
    }
}

extension FaultProxy {
    private func play(_ fault: Fault, _ client: CInt, _ upstream: Int?) {
        switch fault {
        case .pass: relay(client, upstream, up: .max, down: .max)
        case .cutAnswer(let count): relay(client, upstream, up: .max, down: count)
        case .cutRequest(let count): relay(client, upstream, up: count, down: .max)
        case .raw(let text):
            guard hearHead(client), send(client, Array(text.utf8)) else { return }
            shutdown(client, CInt(SHUT_WR))
            while receive(client) != nil {}
        case .endless(let text):
            guard hearHead(client), send(client, Array(text.utf8)) else { return }
            let letters = [UInt8](repeating: UInt8(ascii: "x"), count: 65536)
            while send(client, letters) {}
        case .silence:
            guard hearHead(client) else { return }
            while receive(client) != nil {}
        }
    }

    private func relay(_ client: CInt, _ upstream: Int?, up: Int, down: Int) {
        guard let upstream else { return }
        let server = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        defer { close(server) }
        var address = loopback(upstream)
        let isConnected = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return }
        var left = [client: up, server: down]
        while true {
            var polls = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polls, 2, 30_000) > 0 else { return }
            for poll in polls where poll.revents != 0 {
                guard let bytes = receive(poll.fd) else { return }
                let room = left[poll.fd] ?? 0
                guard send(poll.fd == client ? server : client, Array(bytes.prefix(room))), bytes.count < room else {
                    return
                }
                left[poll.fd] = room == .max ? .max : room - bytes.count
            }
        }
    }

    private func hearHead(_ client: CInt) -> Bool {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard head.count < 65536, let next = receive(client, atMost: 1) else { return false }
            head += next
        }
        heard.withLock { $0.append(String(decoding: head, as: UTF8.self)) }
        return true
    }

    private func receive(_ descriptor: CInt, atMost count: Int = 65536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let read = recv(descriptor, &buffer, count, 0)
        return read > 0 ? Array(buffer[..<read]) : nil
    }

    private func send(_ descriptor: CInt, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

private func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}

/// Runs `body` on a thread of its own, since it blocks.
private func startThread(_ body: @escaping @Sendable () -> Void) throws {
    final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let job = Unmanaged.passRetained(Job(body))
    var thread = pthread_t()
    let status = pthread_create(
        &thread, nil,
        { job in
            if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body() }
            return nil
        }, job.toOpaque())
    try #require(status == 0)
    pthread_detach(thread)
}
