internal import ArgumentParser
internal import RollerCore
internal import SystemPackage

/// The flags about TLS.
struct TLSFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server's certificate and those between it and its authority, as PEM; read anew when it changes.",
            valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key, as PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("The authorities that vouch for clients, as PEM.", valueName: "file"))
    var clientCa: String?

    @Option(
        help: ArgumentHelp(
            "Whether clients show certificates: optional or required. A host that shows one gets its own bundle alone.",
            valueName: "when"))
    var clientCertificates: String?

    /// What the flags say; nil where the server speaks plain text.
    func files() throws -> TLSFiles? {
        guard let tlsCertificate, let tlsKey else {
            guard tlsCertificate == nil, tlsKey == nil else {
                throw ValidationError("--tls-certificate and --tls-key belong together")
            }
            guard clientCa == nil, clientCertificates == nil else {
                throw ValidationError("--client-ca needs --tls-certificate and --tls-key")
            }
            return nil
        }
        var files = TLSFiles(certificate: FilePath(tlsCertificate), key: FilePath(tlsKey))
        files.clientAuthority = clientCa.map { FilePath($0) }
        if let clientCertificates {
            guard let choice = TLSFiles.ClientCertificates(rawValue: clientCertificates) else {
                throw ValidationError("--client-certificates is optional or required, not '\(clientCertificates)'")
            }
            guard clientCa != nil else { throw ValidationError("--client-certificates needs --client-ca") }
            files.clientCertificates = choice
        }
        return files
    }
}

/// The flags about what clients may ask.
struct LimitFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Requests a second that one address may make in the long run; 0: any.", valueName: "n"))
    var rate = Limits().rate

    @Option(help: ArgumentHelp("Requests that one address may make at once, above its rate.", valueName: "n"))
    var burst = Limits().burst

    @Option(help: ArgumentHelp("Connections that one address may have.", valueName: "n"))
    var connectionsPerAddress = Limits().connectionsPerAddress

    @Option(help: ArgumentHelp("Requests that are answered at once.", valueName: "n"))
    var concurrentRequests = Limits().concurrentRequests

    @Flag(help: "Count clients on this machine too. Not with a proxy in front: everybody comes from it.")
    var limitLoopback = false

    @Option(help: ArgumentHelp("How long a connection may be idle.", valueName: "time"))
    var idleTimeout = "60s"

    @Option(help: ArgumentHelp("How long the head of a request may take.", valueName: "time"))
    var headTimeout = "10s"

    @Option(help: ArgumentHelp("How long nothing may come in the middle of a body.", valueName: "time"))
    var stallTimeout = "30s"

    @Option(help: ArgumentHelp("How long a request may take as a whole, its answer included.", valueName: "time"))
    var requestTimeout = "1h"

    /// What the flags say.
    func limits() throws -> Limits {
        guard rate >= 0, burst > 0, connectionsPerAddress > 0, concurrentRequests > 0 else {
            throw ValidationError(
                "--burst, --connections-per-address and --concurrent-requests must be above 0, and --rate not below")
        }
        return Limits(
            idle: try timeSpan(idleTimeout, of: "--idle-timeout"),
            head: try timeSpan(headTimeout, of: "--head-timeout"),
            stall: try timeSpan(stallTimeout, of: "--stall-timeout"),
            request: try timeSpan(requestTimeout, of: "--request-timeout"),
            connectionsPerAddress: connectionsPerAddress, concurrentRequests: concurrentRequests, rate: rate,
            burst: burst, includesLoopback: limitLoopback)
    }
}

/// The length of time that a flag gives.
func timeSpan(_ text: String, of flag: String) throws -> Duration {
    guard let duration = TimeSpan(text)?.duration, duration >= .milliseconds(10) else {
        throw ValidationError("\(flag): '\(text)' is no length of time of 10ms or more; use \(TimeSpan.rule)")
    }
    return duration
}
