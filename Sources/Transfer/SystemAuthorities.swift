internal import Glibc
internal import SystemPackage

/// Where this machine keeps the certificates of the authorities that it trusts. A program that brings its own libcurl
/// starts on systems that keep them elsewhere than the one it was built on.
struct SystemAuthorities: Equatable {
    /// A file with all of them, in PEM.
    var file: FilePath?
    /// A directory of them, by hashes of their names.
    var directory: FilePath?

    /// The usual places; the first that can be read is taken.
    static let usualFiles: [FilePath] = [
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, Arch
        "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL and what is built from it
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, where the link above is gone
        "/etc/ssl/ca-bundle.pem",  // openSUSE
        "/etc/ssl/cert.pem",  // Alpine without its ca-certificates
    ]

    /// As OpenSSL has it, `SSL_CERT_FILE` and `SSL_CERT_DIR` of the environment, where they say something, stand in place
    /// of the usual places, whether what they name is there or not.
    /// - Throws: Where nothing is named and nothing found, with what to do: a handshake could tell no more than that it
    ///   failed, and only once there is a server to talk to.
    static func find(
        in environment: (String) -> String?, among files: [FilePath] = usualFiles
    ) throws(TransferError) -> SystemAuthorities {
        func named(_ variable: String) -> FilePath? {
            guard let value = environment(variable), !value.isEmpty else { return nil }
            return FilePath(value)
        }
        let found = SystemAuthorities(file: named("SSL_CERT_FILE"), directory: named("SSL_CERT_DIR"))
        if found != SystemAuthorities() { return found }
        guard let file = files.first(where: { $0.withPlatformString { access($0, R_OK) } == 0 }) else {
            throw .tlsFiles(
                reason: """
                    no certificates of authorities are in \(files.map(\.string).joined(separator: ", ")); install the \
                    package ca-certificates, or name a file by SSL_CERT_FILE
                    """)
        }
        return SystemAuthorities(file: file)
    }

    /// Those for this process.
    static func current() throws(TransferError) -> SystemAuthorities {
        try find { variable in getenv(variable).map { String(cString: $0) } }
    }
}
