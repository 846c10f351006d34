internal import HTTPTypes
internal import RollerCore

/// Who may read what is one host's own: its bundle and its users. A host that shows a certificate gets its own and no
/// other's. Who shows none, which is for `--client-certificates` to allow, is not restricted.
struct CertificateAccess: Sendable {
    let tokens: LiveTokens

    /// The routes whose answers are for one host.
    private static let patterns: Set = ["/v1/hosts/{host}/bundle", "/v1/hosts/{host}/users"]

    /// Checks a request for a route, before it is answered.
    func check(_ call: Call, _ route: Route) throws(RequestError) {
        guard Self.patterns.contains(route.pattern), call.connection.clientCertificate != nil else { return }
        do throws(RequestError) {
            try call.checkCertificate(for: call["host"])
        } catch {
            // People and machines that are no hosts have certificates too; what they may do is in their token.
            guard let authorization = call.headers[.authorization] else { throw error }
            try tokens.check(authorization, for: .read)
        }
    }
}

extension Call {
    /// Wants the client's certificate, where it shows one, to be that of `host`: for what one host may do and no other.
    func checkCertificate(for host: String) throws(RequestError) {
        guard let certificate = connection.clientCertificate else { return }
        guard let name = HostName(host), certificate.stands(for: name) else {
            throw .otherHost(host, certificate: certificate.names)
        }
    }
}
