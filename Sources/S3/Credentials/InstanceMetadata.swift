internal import FoundationEssentials
internal import Transfer

/// The metadata service of a cloud instance, version 2: a token first, then the role, then its credentials.
struct InstanceMetadata {
    private let endpoint: String

    init(_ endpoint: String) { self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint }

    private struct Answer: Decodable {
        var accessKeyID: String
        var secretAccessKey: String
        var token: String
        var expiration: String

        enum CodingKeys: String, CodingKey {
            case accessKeyID = "AccessKeyId"
            case secretAccessKey = "SecretAccessKey"
            case token = "Token"
            case expiration = "Expiration"
        }
    }

    func credentials() async throws(CredentialError) -> S3Credentials {
        let token = try await ask(
            "/latest/api/token", .put, [("X-aws-ec2-metadata-token-ttl-seconds", "21600")])
        let proof = [(name: "X-aws-ec2-metadata-token", value: token)]
        let roles = "/latest/meta-data/iam/security-credentials/"
        let role = try await ask(roles, .get, proof).prefix { $0 != "\n" && $0 != "\r\n" }
        guard !role.isEmpty else { throw .metadataStatus(404, path: roles) }
        let path = roles + String(role).percentEncoded()
        let document = try await ask(path, .get, proof)
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(document.utf8)),
            let end = UTCTime(iso8601: answer.expiration)
        else { throw .malformedMetadata(path: path) }
        return S3Credentials(
            accessKeyID: answer.accessKeyID, secretAccessKey: S3Secret(answer.secretAccessKey),
            sessionToken: S3Secret(answer.token), expiration: end.seconds)
    }

    private func ask(
        _ path: String, _ method: HTTPRequest.Method, _ headers: [(name: String, value: String)]
    ) async throws(CredentialError) -> String {
        let response: HTTPResponse
        do throws(TransferError) {
            // The service is on the link itself: no proxy, and no patience.
            let limits = TransferLimits(maxBodyBytes: 64 << 10, connect: .seconds(1), total: .seconds(5))
            let client = try HTTPClient(options: TransferOptions(limits: limits, proxy: .direct))
            response = try await client.send(HTTPRequest(url: endpoint + path, method: method, headers: headers))
        } catch {
            throw .metadata(error)
        }
        guard response.isSuccess else { throw .metadataStatus(response.status, path: path) }
        guard let text = String(validating: response.body, as: UTF8.self) else {
            throw .malformedMetadata(path: path)
        }
        return text
    }
}
