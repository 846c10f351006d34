/// Where the server listens: an address and a port, as in `127.0.0.1:8080` or `[::1]:8080`.
struct ListenAddress: Hashable, Sendable {
    /// An IP address, or a name to be looked up.
    let host: String
    /// Port 0 lets the kernel choose.
    let port: Int

    /// Nil when `text` is no address with a port.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        // What the name means is for the machine to say; that it stays on the machine is for us.
        self.host = host == "localhost" ? "127.0.0.1" : host
        self.port = Int(port)
    }

    /// Whether nobody but this machine can reach it.
    var isLoopback: Bool {
        if host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The address as part of a URL.
    func url(port: Int, scheme: String = "http") -> String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
