import Testing

@testable import S3

@Suite("Signer")
struct SignerTests {
    private let request = CanonicalRequest(
        method: "GET", path: "/", query: [], headers: [("host", "h")], payload: emptyDigest)

    /// The signature of the same request under different circumstances.
    private func signature(_ signer: RequestSigner, at seconds: Int64, secret: String) -> Substring? {
        let credentials = S3Credentials(accessKeyID: "ID", secretAccessKey: S3Secret(secret))
        return signer.authorization(for: request, at: UTCTime(seconds: seconds), by: credentials)
            .split(separator: "Signature=").last
    }

    @Test("a key that is kept serves its day and its secret alone")
    func keptKey() {
        let signer = RequestSigner(region: "r")
        let first = signature(signer, at: 0, secret: "one")
        #expect(signature(signer, at: 0, secret: "two") == signature(RequestSigner(region: "r"), at: 0, secret: "two"))
        #expect(
            signature(signer, at: 90000, secret: "two")
                == signature(RequestSigner(region: "r"), at: 90000, secret: "two"))
        #expect(signature(signer, at: 0, secret: "one") == first)
    }

    @Test(
        "times are written by the calendar",
        arguments: [
            (0, "19700101T000000Z"), (951_782_400, "20000229T000000Z"), (1_795_384_559, "20261122T215559Z"),
            (4_107_542_399, "21000228T235959Z"), (4_107_542_400, "21000301T000000Z"), (-1, "19691231T235959Z"),
        ] as [(Int64, String)])
    func times(seconds: Int64, stamp: String) { #expect(UTCTime(seconds: seconds).stamp == stamp) }

    @Test("a time is read back as it was written, over four hundred years")
    func timesBack() {
        for seconds in stride(from: Int64(-5_000_000_000), to: 8_000_000_000, by: 8_640_017) {
            let stamp = UTCTime(seconds: seconds).stamp
            let digits = Array(stamp)
            let text =
                "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))T"
                + "\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))"
            #expect(UTCTime(iso8601: text + "Z")?.seconds == seconds)
            #expect(UTCTime(iso8601: text + ".250Z")?.seconds == seconds)
        }
    }

    @Test(
        "what is no time is not read",
        arguments: [
            "", "2026-11-22", "2026-11-22T21:55:59", "2026-11-22T21:55:59+01:00", "2026-13-01T00:00:00Z",
            "2026-06-31T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T21:55:59.Z",
            "2026-11-22T21:55:59.xZ", "２026-11-22T21:55:59Z",
        ])
    func noTimes(_ text: String) { #expect(UTCTime(iso8601: text) == nil) }

    @Test("base64 pads", arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
    func base64(text: String, encoded: String) { #expect(Array(text.utf8).base64 == encoded) }

    @Test("keys in listings are decoded", arguments: [("a+b%2Bc%20d", "a b+c d"), ("%e6%BC%a2", "漢")])
    func decoded(text: String, plain: String) { #expect(text.percentDecoded == plain) }

    @Test("broken encodings are not decoded", arguments: ["%", "%4", "%zz", "%ff", "a%c3"])
    func undecoded(_ text: String) { #expect(text.percentDecoded == nil) }
}
