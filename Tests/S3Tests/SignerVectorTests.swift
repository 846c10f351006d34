import FoundationEssentials
import Glibc
import SystemPackage
import Testing

@testable import S3

/// One request, and what botocore makes of it. `Scripts/check-sigv4` writes them.
struct SignerVector: Decodable {
    var method: String
    var path: String
    var query: [[String]]
    var host: String
    var region: String
    var access: String
    var secret: String
    var token: String?
    var time: Int64
    var payload: String
    var headers: [[String]]
    var canonical: String
    var stringToSign: String
    var authorization: String

    static func all() throws -> [SignerVector] {
        let given = getenv("S3_SIGV4_VECTORS").map { String(cString: $0) }
        let own = FilePath(#filePath).removingLastComponent().appending("Vectors/sigv4.json").string
        return try JSONDecoder().decode([Self].self, from: Data(contents(FilePath(given ?? own))))
    }
}

@Suite("Signer, by vectors", .timeLimit(.minutes(5)))
struct SignerVectorTests {
    @Test("every request is written down, scoped and signed as botocore does")
    func vectors() throws {
        let vectors = try SignerVector.all()
        try #require(vectors.count >= 40)
        for vector in vectors {
            let time = UTCTime(seconds: vector.time)
            var headers = vector.headers.map { (name: $0[0], value: $0[1]) }
            headers += [("host", vector.host), ("x-amz-content-sha256", vector.payload), ("x-amz-date", time.stamp)]
            if let token = vector.token { headers.append(("x-amz-security-token", token)) }
            let request = CanonicalRequest(
                method: vector.method, path: vector.path, query: vector.query.map { ($0[0], $0[1]) },
                headers: headers, payload: vector.payload)
            try #require(request.text == vector.canonical)
            let scope = RequestSigner.Scope(day: time.day, region: vector.region, service: "s3")
            try #require(RequestSigner.stringToSign(request, at: time, scope) == vector.stringToSign)
            let credentials = S3Credentials(
                accessKeyID: vector.access, secretAccessKey: S3Secret(vector.secret))
            let signer = RequestSigner(region: vector.region)
            for _ in 0..<2 {  // the second time with the key that was kept
                let authorization = signer.authorization(for: request, at: time, by: credentials)
                try #require(authorization == vector.authorization)
            }
        }
    }
}
