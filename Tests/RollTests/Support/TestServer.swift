import Glibc
import Synchronization

/// Answers every connection on a loopback port of its own with the bytes a test gives; closes when the test is over.
final class TestServer: Sendable {
    let port: UInt16
    private let listener: Int32

    /// - Parameter answer: What to send, given the port; nil to say nothing and keep the connection open.
    init(delay: Duration = .zero, answer: @escaping @Sendable (UInt16) -> String?) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw Failed() }
        let port = UInt16(bigEndian: address.sin_port)
        self.port = port
        self.listener = listener
        Thread.detach {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                readRequest(connection)
                if delay > .zero { usleep(UInt32(delay / .microseconds(1))) }
                guard let text = answer(port) else { continue }  // held open until the test's process ends
                _ = send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
                close(connection)
            }
        }
    }

    struct Failed: Error {}

    deinit {
        // shutdown wakes the thread in accept; close alone would not.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

/// Reads a request with its body: closing before all of it was read would reset the connection under the answer.
private func readRequest(_ connection: CInt) {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        text += String(decoding: buffer[..<count], as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { continue }
        let length = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst(16)) }
        if text[end.upperBound...].utf8.count >= length ?? 0 { return }
    }
}

/// A thread that blocks, which tasks must not.
enum Thread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func detach(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body)).toOpaque()
        pthread_create(
            &thread, nil,
            { work in
                guard let work else { return nil }
                Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
                return nil
            }, work)
        pthread_detach(thread)
    }
}
