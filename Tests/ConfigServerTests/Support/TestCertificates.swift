import LinuxSystem
import Subprocess
import SystemPackage

/// An authority and certificates that it vouches for, made by openssl in a directory of their own.
struct TestCertificates {
    let folder: FilePath

    /// Makes an authority `ca.pem`.
    init(in folder: FilePath) async throws {
        self.folder = folder
        let parent = try Directory.open(folder.removingLastComponent(), followingLinks: true)
        try parent.makeDirectories(folder.lastComponent?.string ?? "")
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    }

    func path(_ name: String) -> FilePath { folder.appending(name) }

    /// Makes `name.pem` and `name.key` for a DNS name, or an IP address, as in `IP:127.0.0.1`.
    func make(_ name: String, for subject: String, days: Int = 2) async throws {
        try Directory.open(folder, followingLinks: true).replaceFile(
            "extensions", permissions: 0o600, bytes: Array("subjectAltName=\(subject)".utf8), durable: false)
        try await openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=\(name)",
            "-keyout", "\(name).key", "-out", "\(name).csr")
        try await openssl(
            "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
            "\(days)", "-extfile", "extensions", "-out", "\(name).pem")
    }

    private func openssl(_ arguments: String...) async throws {
        let result = try await run(
            .name("openssl"), arguments: Arguments(arguments), workingDirectory: folder, output: .string(limit: 65536),
            error: .string(limit: 65536))
        guard result.terminationStatus.isSuccess else { throw Failed(message: result.standardError) }
    }

    struct Failed: Error { let message: String }
}

/// What curl makes of a URL: a client of TLS that is not ours.
func curl(_ arguments: String...) async throws -> (status: String, body: String, code: Bool) {
    let result = try await run(
        .name("curl"), arguments: Arguments(["-sS", "-m", "20", "-w", "\n%{http_code}"] + arguments),
        output: .string(limit: 1 << 20), error: .string(limit: 65536))
    let lines = result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
    return (
        String(lines.last ?? ""), lines.dropLast(lines.dropLast().last == "" ? 2 : 1).joined(separator: "\n"),
        result.terminationStatus.isSuccess
    )
}
