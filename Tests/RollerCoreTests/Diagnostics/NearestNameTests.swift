import Testing

@testable import RollerCore

/// What was probably meant by a name that is not there.
struct NearestNameTests {
    @Test(
        arguments: [
            ("ngnix", ["jq", "nginx", "nginx-extras"], "nginx"), ("wbe", ["db", "web"], "web"),
            ("web", ["db", "mail"], nil), ("x", ["y"], nil), ("nginx", [], nil),
            ("web-01.exmaple.com", ["web-02.example.com", "web-01.example.com"], "web-01.example.com"),
        ] as [(String, [String], String?)])
    func aFewSlipsAreForgiven(_ name: String, _ known: [String], _ expected: String?) {
        #expect(nearestName(to: name, among: known) == expected)
    }

    private static let hosts = (0..<100_000).map { number in
        let digits = String(number)
        return "web-\(String(repeating: "0", count: 6 - digits.utf8.count))\(digits).example.com"
    }

    @Test(arguments: [
        ("wbe-054321.example.com", "web-054321.example.com"), ("web-054321.example.con", "web-054321.example.com"),
        ("web054321.example.com", "web-054321.example.com"), ("web-054321.exmaple.com", "web-054321.example.com"),
    ])
    func amongAHundredThousandOneSlipIsFound(_ name: String, _ expected: String) {
        #expect(nearestName(to: name, among: Self.hosts) == expected)
    }

    /// Counted, not timed: comparing two names letter by letter is what takes long.
    @Test func amongAHundredThousandFewAreCompared() {
        let wanted = Array("wxy-054321.example.com".utf8)
        let compared = candidates(for: wanted, among: Self.hosts, allowed: 3)
        #expect(compared.count == 2000)
        #expect(compared.contains("web-054321.example.com"))
    }
}
