import Glibc
import Synchronization
import Testing

/// What the server does next on a connection.
enum Step: Sendable {
    /// Reads one request: its head, and as much body as that announces.
    case readRequest
    /// Reads one request's head alone.
    case readHead
    /// Sends text.
    case send(String)
    /// Sends bytes.
    case bytes([UInt8])
    /// Sends these bytes again and again until the client hangs up.
    case endless([UInt8])
    /// Reads and drops until the client hangs up.
    case hold
    /// Does nothing until the test says so.
    case pause
    /// Ends the connection with a reset in place of a goodbye.
    case reset
}

extension Step {
    /// A whole answer with a length.
    static func answer(_ status: String, _ headers: [String] = [], body: String = "") -> Step {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return .send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// The head of an answer, with these lines and nothing else.
    static func head(_ status: String, _ headers: String...) -> Step {
        .send((["HTTP/1.1 \(status)"] + headers).joined(separator: "\r\n") + "\r\n\r\n")
    }
}

/// An HTTP server on loopback that plays one script for each connection, in order, and then takes no more.
final class RudeServer: Sendable {
    let port: Int
    private let listener: CInt
    private let thread: PlainThread
    private let pauses = Gate()
    private let heard = Mutex<[String]>([])

    var url: String { "http://127.0.0.1:\(port)" }
    /// All requests read, heads and bodies, in order.
    var requests: [String] { heard.withLock { $0 } }

    /// Ends a `.pause`.
    func resume() { pauses.open() }

    private init(listener: CInt, port: Int, scripts: [[Step]]) throws {
        self.listener = listener
        self.port = port
        thread = PlainThread()
        try thread.start { [self] in
            for script in scripts {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Connection(connection).play(script, rest: pauses.wait) { text in heard.withLock { $0.append(text) } }
            }
            // Nobody listens from here on: what was not expected is refused.
            shutdown(listener, CInt(SHUT_RDWR))
        }
    }

    /// Runs `body` against a server, and ends the server with it.
    static func serving<Result>(_ scripts: [Step]..., body: (RudeServer) async throws -> Result) async throws -> Result
    {
        try await serving(scripts, body: body)
    }

    /// Runs `body` against a server, and ends the server with it.
    static func serving<Result>(_ scripts: [[Step]], body: (RudeServer) async throws -> Result) async throws -> Result {
        let (listener, port) = try listen()
        let server = try RudeServer(listener: listener, port: port, scripts: scripts)
        defer {
            server.pauses.open()
            shutdown(listener, CInt(SHUT_RDWR))
            server.thread.join()
            close(listener)
        }
        return try await body(server)
    }

    /// A port on which nobody listens: taken, so that nobody else gets it, but closed to connections.
    static func refusing<Result>(body: (_ url: String) throws -> Result) throws -> Result {
        let (listener, port) = try listen(backlog: nil)
        defer { close(listener) }
        return try body("http://127.0.0.1:\(port)/")
    }

    private static func listen(backlog: CInt? = 16) throws -> (CInt, Int) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { address in
            try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try #require(bind(listener, address, size) == 0)
                if let backlog { try #require(Glibc.listen(listener, backlog) == 0) }
                try #require(getsockname(listener, address, &size) == 0)
            }
        }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// One connection of a `RudeServer`. Gives up after five seconds of silence, so that no test hangs.
private struct Connection {
    let descriptor: CInt

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func play(_ script: [Step], rest: () -> Void, hear: (String) -> Void) {
        defer { close(descriptor) }
        for step in script {
            switch step {
            case .readRequest: hear(read(withBody: true))
            case .readHead: hear(read(withBody: false))
            case .send(let text): if !write([UInt8](text.utf8)) { return }
            case .bytes(let bytes): if !write(bytes) { return }
            case .endless(let bytes): while write(bytes) {}
            case .pause: rest()
            case .hold: while receive() != nil {}
            case .reset:
                var now = linger(l_onoff: 1, l_linger: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
            }
        }
        // Says goodbye and waits for the client's: closing over unread bytes would reset the connection.
        if case .reset? = script.last { return }
        shutdown(descriptor, CInt(SHUT_WR))
        while receive() != nil {}
    }

    private func read(withBody: Bool) -> String {
        var bytes: [UInt8] = []
        while !bytes.ends(with: "\r\n\r\n") {
            guard let next = receive(atMost: 1) else { return String(decoding: bytes, as: UTF8.self) }
            bytes += next
        }
        let head = String(decoding: bytes, as: UTF8.self)
        guard withBody, let line = head.split(separator: "\r\n").first(where: { $0.hasPrefix("Content-Length: ") }),
            let size = Int(line.dropFirst("Content-Length: ".count))
        else { return head }
        if head.contains("Expect: 100-continue") { _ = write([UInt8]("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        var body: [UInt8] = []
        while body.count < size, let next = receive(atMost: size - body.count) { body += next }
        return head + String(decoding: body, as: UTF8.self)
    }

    private func receive(atMost count: Int = 65536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let read = recv(descriptor, &buffer, count, 0)
        return read > 0 ? Array(buffer[..<read]) : nil
    }

    private func write(_ bytes: [UInt8]) -> Bool {
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

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
