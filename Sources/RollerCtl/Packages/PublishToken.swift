import LinuxSystem
import SystemPackage

/// What lets one write to a server. Never taken from the command line, where every user of the machine could read it.
enum PublishToken {
    /// The token in the file that is named, else in `ROLLER_TOKEN`.
    static func read(file: String?, in surroundings: Surroundings) throws -> String {
        if let file {
            let path = surroundings.resolve(file)
            let bytes = try ManifestFile.directory(of: path).readFile(ManifestFile.name(of: path), limit: 64 << 10)
            return try check(String(decoding: bytes, as: UTF8.self), "'\(path)'")
        }
        guard let token = surroundings.variables["ROLLER_TOKEN"], !token.isEmpty else { throw ServerError.noToken }
        return try check(token, "ROLLER_TOKEN")
    }

    private static func check(_ text: String, _ place: String) throws(ServerError) -> String {
        var token = text.utf8[...]
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
        while let last = token.last, isBlank(last) { token = token.dropLast() }
        token = token.drop(while: isBlank)
        guard !token.isEmpty, token.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let token = String(token) else {
            throw .badToken(place)
        }
        return token
    }

    /// Whether a URL goes over a network without TLS.
    static func isPlain(_ url: String) -> Bool {
        guard url.lowercased().hasPrefix("http://") else { return false }
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let isLoopback =
            host == "localhost" || host == "[::1]"
            || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
        return !isLoopback
    }
}
