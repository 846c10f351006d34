import Testing

@testable import RollerCore

/// Whether a plan keeps to its class's downtime budget, by what earlier rolls took.
struct BudgetTests {
    private static let change = ServiceName("web").map {
        ServiceChange(name: $0, action: .restart, reason: .definition)
    }

    private static func receipts(_ times: [Int64?], exit: RollExit = .success) throws -> [Receipt] {
        let name = try #require(ServiceName("web"))
        return times.enumerated().map { position, time in
            var receipt = Receipt(id: "\(position)", started: position)
            receipt.exit = exit
            receipt.services = [
                Receipt.ServiceReceipt(name: name, action: .restart, reason: "", downMilliseconds: time)
            ]
            return receipt
        }
    }

    @Test(
        arguments: [
            ([], "5s", nil), ([nil, nil], "5s", nil), ([4000], "5s", nil), ([5000], "5s", nil), ([5001], "5s", 5001),
            ([100, 200, 60000], "5s", nil), ([100, 6000, 60000], "5s", 6000), ([300], "250ms", 300),
        ] as [([Int64?], String, Int64?)])
    func aPlanIsBeyondItsBudgetByTheMedian(_ times: [Int64?], _ budget: String, _ expected: Int64?) throws {
        let change = try #require(Self.change)
        let known = ExpectedDowntime.of([change], receipts: try Self.receipts(times))
        let beyond = ExpectedDowntime.beyond(try #require(TimeSpan(budget)), known)
        #expect(beyond?.medianMilliseconds == expected)
    }

    @Test func rollsThatFailedTellNothing() throws {
        let change = try #require(Self.change)
        #expect(ExpectedDowntime.of([change], receipts: try Self.receipts([9000], exit: .rolledBack)).isEmpty)
    }
}
