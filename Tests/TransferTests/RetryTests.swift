import Testing
import Transfer

@Suite("Retries")
struct RetryTests {
    let policy = RetryPolicy(attempts: 5, base: .seconds(1), cap: .seconds(10))

    @Test(
        "the bound doubles up to the cap, and chance picks below it",
        arguments: [(-1, 1.0), (0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (100, 10), (Int.max, 10)]
            as [(Int, Double)])
    func doubling(_ attempt: Int, _ bound: Double) {
        #expect(policy.delay(attempt: attempt) { $0.upperBound } == .seconds(bound))
        #expect(policy.delay(attempt: attempt) { _ in 0.5 } == .seconds(bound / 2))
        #expect(policy.delay(attempt: attempt) { $0.lowerBound } == .zero)
    }

    @Test("Retry-After is the least wait, with jitter on top, up to the cap")
    func retryAfter() {
        #expect(policy.delay(attempt: 1, retryAfter: .seconds(3)) { $0.lowerBound } == .seconds(3))
        #expect(policy.delay(attempt: 1, retryAfter: .seconds(3)) { $0.upperBound } == .seconds(4))
        #expect(policy.delay(attempt: 1, retryAfter: .seconds(9e9)) { $0.lowerBound } == .seconds(10))
        #expect(policy.delay(attempt: 1, retryAfter: .zero) { _ in 0.5 } == .seconds(0.5))
    }

    @Test(
        "Retry-After is read as seconds or as any of the three dates of HTTP",
        arguments: [
            ("120", 120), ("0", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
            ("Sun Nov  6 08:49:37 1994", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0), ("", nil), ("-5", nil),
            ("1.5", nil), ("soon", nil), ("99999999999999999999", nil),
        ] as [(String, Int?)])
    func parsing(_ text: String, _ seconds: Int?) {
        let headers = HTTPHeaders([(name: "retry-after", value: text)])
        #expect(headers.retryAfter(now: 784_111_740) == seconds.map { .seconds($0) })
    }

    @Test("no Retry-After asks for nothing")
    func absent() { #expect(HTTPHeaders().retryAfter(now: 0) == nil) }
}
