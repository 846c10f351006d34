internal import LinuxSystem
internal import NIOSSL
internal import RollerCore
internal import SystemPackage

/// Which files make the server speak TLS, and whether clients show certificates.
struct TLSFiles: Hashable, Sendable {
    /// Whether clients show certificates.
    enum ClientCertificates: String, Hashable, Sendable, CaseIterable {
        /// Who has one shows it.
        case optional
        /// Nobody comes in without.
        case required
    }

    /// The server's certificate and those between it and its authority, in this order, as PEM.
    var certificate: FilePath
    /// Its key, as PEM, without a passphrase.
    var key: FilePath
    /// The authorities that vouch for clients, as PEM; nil where no client is asked.
    var clientAuthority: FilePath?
    var clientCertificates = ClientCertificates.optional
}

/// What was in the files when they were read together.
struct TLSMaterial: Sendable {
    /// To make connections with.
    let context: NIOSSLContext
    /// When the first of the server's certificates ends, in seconds since 1970.
    let expiry: Int
    /// Whether others than the owner of the key may read it.
    let isKeyReadableByOthers: Bool
    /// Changes with any byte of the files.
    let digest: Digest

    /// Reads the files.
    /// - Parameter known: The digest of what is in use.
    /// - Returns: Nil where that is what the files hold.
    static func read(_ files: TLSFiles, unless known: Digest? = nil) throws(TLSError) -> TLSMaterial? {
        let (certificate, _) = try bytes(of: files.certificate)
        let (key, permissions) = try bytes(of: files.key)
        let authority: [UInt8]? =
            if let path = files.clientAuthority { try bytes(of: path).bytes } else { nil }
        let digest = Digest(of: certificate + [0] + key + [0] + (authority ?? []))
        if digest == known { return nil }
        let chain = try certificates(in: certificate, files.certificate)
        guard !chain.isEmpty else { throw .noCertificate(files.certificate) }
        let privateKey: NIOSSLPrivateKey
        do { privateKey = try NIOSSLPrivateKey(bytes: key, format: .pem) } catch { throw .badKey(files.key) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authority, let path = files.clientAuthority {
            let roots = try certificates(in: authority, path)
            guard !roots.isEmpty else { throw .noCertificate(path) }
            configuration.trustRoots = .certificates(roots)
            configuration.certificateVerification =
                files.clientCertificates == .required ? .noHostnameVerification : .optionalVerification
            configuration.sendCANameList = true
        }
        do {
            return TLSMaterial(
                context: try NIOSSLContext(configuration: configuration), expiry: chain.map(\.notValidAfter).min() ?? 0,
                isKeyReadableByOthers: permissions & 0o044 != 0, digest: digest)
        } catch NIOSSLError.failedToLoadPrivateKey {
            // Each can be read by itself, so that they do not belong together is all there is.
            throw .keyOfAnother(files)
        } catch {
            throw .unusable(files, why: "\(error)")
        }
    }

    private static func certificates(
        in bytes: [UInt8], _ path: FilePath
    ) throws(TLSError) -> [NIOSSLCertificate] {
        do { return try NIOSSLCertificate.fromPEMBytes(bytes) } catch { throw .noCertificate(path) }
    }

    private static func bytes(of path: FilePath) throws(TLSError) -> (bytes: [UInt8], permissions: UInt16) {
        do throws(FileError) {
            let folder = path.removingLastComponent()
            // Certificates are links where a tool renews them (`/etc/letsencrypt/live`).
            let file = try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
                .openFile(path.lastComponent?.string ?? "", for: .reading)
            return (try file.readToEnd(limit: 1 << 20), try file.status().permissions)
        } catch {
            throw .unreadable(error)
        }
    }
}

/// Why the files for TLS cannot be used.
enum TLSError: RollerError, Hashable {
    case unreadable(FileError)
    case noCertificate(FilePath)
    case badKey(FilePath)
    /// The key is not that of the certificate.
    case keyOfAnother(TLSFiles)
    case unusable(TLSFiles, why: String)

    var message: String {
        switch self {
        case .unreadable(let error): error.message
        case .noCertificate(let path): "\(path) holds no certificate as PEM"
        case .badKey(let path): "\(path) holds no private key as PEM, or one with a passphrase"
        case .keyOfAnother(let files): "the key in \(files.key) is not that of the certificate in \(files.certificate)"
        case .unusable(let files, let why): "cannot use \(files.certificate) with \(files.key): \(why)"
        }
    }

    var hint: String? {
        switch self {
        case .unreadable: "both files must be readable for the user who serves"
        case .noCertificate: "a PEM file has lines of -----BEGIN CERTIFICATE-----; the server's own comes first"
        case .badKey(let path): "openssl pkey -in \(path) -noout tells what ails it"
        case .keyOfAnother: "put both in place together, and send SIGHUP"
        case .unusable: nil
        }
    }
}
