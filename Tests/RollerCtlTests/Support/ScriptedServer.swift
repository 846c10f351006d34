import Dispatch
import Glibc
import Synchronization
import Testing

/// An HTTP server on loopback that gives one answer after another, and keeps what it was asked.
final class ScriptedServer: Sendable {
    /// One request as it came.
    struct Request: Sendable {
        let head: String
        let body: [UInt8]
        /// Method and path.
        var line: String { head.prefix { $0 != "\r\n" }.split(separator: " ").prefix(2).joined(separator: " ") }
    }

    /// One answer.
    struct Answer: Sendable {
        let status: String
        var headers: [String] = []
        var body = ""
    }

    let url: String
    private let listener: CInt
    private let heard = Mutex<[Request]>([])
    private let ended = DispatchSemaphore(value: 0)

    /// What was asked so far.
    var requests: [Request] { heard.withLock { $0 } }

    /// Runs `body` against a server that gives these answers, and ends the server with it.
    static func answering<Result>(
        _ answers: [Answer], _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedServer(answers)
        defer {
            shutdown(server.listener, CInt(SHUT_RDWR))
            server.ended.wait()
            close(server.listener)
        }
        return try await body(server)
    }

    private init(_ answers: [Answer]) throws {
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        try withUnsafeMutablePointer(to: &address) { address in
            try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try #require(bind(listener, address, size) == 0)
                try #require(listen(listener, 16) == 0)
                try #require(getsockname(listener, address, &size) == 0)
            }
        }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        DispatchQueue(label: "scripted server").async { [self] in
            for answer in answers {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                serve(connection, answer)
                close(connection)
            }
            // Nobody listens from here on: what was not expected is refused.
            shutdown(listener, CInt(SHUT_RDWR))
            ended.signal()
        }
    }

    private func serve(_ connection: CInt, _ answer: Answer) {
        // Gives up after five seconds of silence, so that no test hangs.
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil, receive(connection, into: &bytes) {
            headEnd = bytes.indices.first { bytes[$0...].starts(with: end) }
        }
        guard let headEnd else { return }
        let head = String(decoding: bytes[..<headEnd], as: UTF8.self)
        let lines = head.lowercased().split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        if lines.contains("expect: 100-continue") { send(connection, "HTTP/1.1 100 Continue\r\n\r\n") }
        while bytes.count < headEnd + end.count + length, receive(connection, into: &bytes) {}
        heard.withLock { $0.append(Request(head: head, body: Array(bytes[(headEnd + end.count)...]))) }
        let fields = ["HTTP/1.1 \(answer.status)", "Content-Length: \(answer.body.utf8.count)", "Connection: close"]
        send(connection, (fields + answer.headers).joined(separator: "\r\n") + "\r\n\r\n" + answer.body)
    }

    private func receive(_ connection: CInt, into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        return true
    }

    private func send(_ connection: CInt, _ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
