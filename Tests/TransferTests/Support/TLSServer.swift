import Glibc
import SystemPackage
import Testing

/// `openssl s_server -www` on loopback with a throw-away authority; it answers any GET with a page about the session.
final class TLSServer: Sendable {
    let directory: TemporaryDirectory
    let port: Int
    private let process: pid_t

    /// The authority that signed the server's certificate, which is for 127.0.0.1.
    var caFile: FilePath { directory.path.appending("ca.pem") }
    /// An authority that signed nothing.
    var otherCAFile: FilePath { directory.path.appending("other.pem") }
    /// A client's certificate and key.
    var client: (certificate: FilePath, key: FilePath) {
        (directory.path.appending("client.pem"), directory.path.appending("client.key"))
    }

    /// - Parameter arguments: More of s_server's arguments, such as `-Verify`.
    init(_ arguments: [String] = [], name: String = "IP:127.0.0.1") throws {
        directory = try TemporaryDirectory()
        let path = directory.path
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        for authority in ["ca", "other"] {
            try openssl(
                ["req", "-x509"] + curve + ["-subj", "/CN=test \(authority)", "-out", "\(path)/\(authority).pem"]
                    + ["-keyout", "\(path)/\(authority).key", "-addext", "keyUsage=critical,keyCertSign"])
        }
        for leaf in ["server", "client"] {
            try openssl(
                ["req", "-x509"] + curve + ["-subj", "/CN=test \(leaf)", "-out", "\(path)/\(leaf).pem"]
                    + ["-keyout", "\(path)/\(leaf).key", "-CA", "\(path)/ca.pem", "-CAkey", "\(path)/ca.key"]
                    + ["-addext", "subjectAltName=\(name)", "-addext", "basicConstraints=critical,CA:FALSE"])
        }
        // s_server tells the port it got on its standard output: "ACCEPT 127.0.0.1:40123".
        var output: [CInt] = [-1, -1]
        try #require(pipe(&output) == 0)
        defer { close(output[0]) }
        process = try spawn(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "\(path)/server.pem"]
                + ["-key", "\(path)/server.key", "-CAfile", "\(path)/ca.pem"] + arguments, output: output[1])
        close(output[1])
        var text = ""
        var port: Int?
        var byte: UInt8 = 0
        while port == nil, read(output[0], &byte, 1) == 1 {
            if byte != UInt8(ascii: "\n") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
                continue
            }
            if text.hasPrefix("ACCEPT") { port = text.split(separator: ":").last.flatMap { Int($0) } }
            text = ""
        }
        self.port = port ?? 0
        try #require(port != nil, "s_server names no port")
    }

    /// Ends the server in whatever it does. It is reaped with this object.
    func stop() { kill(process, SIGKILL) }

    deinit {
        stop()
        waitpid(process, nil, 0)
    }
}

/// Runs openssl to its end.
private func openssl(_ arguments: [String]) throws {
    let process = try spawn(["openssl"] + arguments, output: nil)
    var status: CInt = 0
    try #require(waitpid(process, &status, 0) == process)
    try #require(status == 0, "openssl \(arguments.joined(separator: " "))")
}

/// Starts a program of PATH with nothing on its standard input and error.
private func spawn(_ arguments: [String], output: CInt?) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    if let output {
        posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    // Sockets of tests that run beside this one would be kept open by a child that inherits them.
    for descriptor in CInt(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var list = arguments.map { strdup($0) } + [nil]
    defer { list.forEach { free($0) } }
    var process = pid_t()
    try #require(posix_spawnp(&process, arguments[0], &actions, nil, &list, environ) == 0)
    return process
}
