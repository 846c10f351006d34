import RollerCore
import Testing

struct FleetBucketTests {
    private static let wanted = Digest(of: "wanted")
    private static let older = Digest(of: "older")

    private func report(
        _ exit: RollExit, _ bundle: Digest? = wanted, received: Int = 1000, rejected: Bool = false,
        held: String? = nil, until: Int? = nil
    ) -> HostReport {
        var receipt = Receipt(id: "1-a", started: received)
        receipt.exit = exit
        receipt.bundle = bundle
        receipt.wasRejected = rejected
        receipt.heldReason = held
        receipt.heldUntil = until
        return HostReport(receipt, received: received)
    }

    private func bucket(_ report: HostReport?, wanted: Digest? = wanted, now: Int = 1000) -> FleetBucket {
        FleetBucket(wanted: wanted, report, now: now, silentAfter: 100)
    }

    @Test func onlyAHealthyHostOnExactlyItsBundleIsConverged() {
        #expect(bucket(report(.success)) == .converged)
        #expect(bucket(report(.success, Self.older)) == .behind)
        #expect(bucket(report(.success, nil)) == .behind, "a host on the tree from before Roller has no bundle")
        #expect(bucket(report(.success), wanted: nil) == .unknown)
    }

    @Test(arguments: [
        (RollExit.unexpected, FleetBucket.failed), (.usage, .failed), (.configOrServer, .failed),
        (.verification, .failed), (.staging, .failed), (.rolledBack, .rolledBack), (.rolledBackUnhealthy, .failed),
        (.inconsistent, .inconsistent), (.locked, .failed), (.refused, .failed),
    ])
    func aRollThatDidNotGoWellIsNeverConverged(_ exit: RollExit, _ expected: FleetBucket) {
        #expect(bucket(report(exit)) == expected)
        #expect(bucket(report(exit), wanted: nil) == expected)
    }

    @Test func aBundleThatIsNotTriedAgainStaysRolledBack() {
        #expect(bucket(report(.refused, rejected: true)) == .rolledBack)
    }

    @Test func aHostIsSilentOnceItsLastWordIsOlderThanTheLimit() {
        #expect(bucket(nil) == .silent)
        #expect(bucket(report(.success), now: 1100) == .converged)
        #expect(bucket(report(.success), now: 1101) == .silent)
        #expect(bucket(report(.rolledBack), now: 1101) == .silent)
    }

    @Test func anInconsistentHostIsNotForgottenForItsSilence() {
        #expect(bucket(report(.inconsistent), now: 1_000_000) == .inconsistent)
        #expect(bucket(report(.inconsistent, held: "wait", until: nil)) == .inconsistent)
    }

    @Test func aHoldCountsUntilItsEnd() {
        #expect(bucket(report(.locked, held: "disk", until: 1050), now: 1049) == .held)
        #expect(bucket(report(.success, held: "disk", until: 1050), now: 1050) == .converged)
        #expect(bucket(report(.locked, held: "disk")) == .held)
    }

    /// Any reports at all: each host is counted once, in every table, and the list is those of the buckets asked for.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func everyHostIsInExactlyOneBucketAndTheTablesAddUp(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...60, using: &random)
        var wanted: [FleetOverview.Wanted] = []
        var reports: [HostName: HostReport] = [:]
        for number in 0..<count {
            let digits = number < 10 ? "0\(number)" : "\(number)"
            let host = try Self.host("h\(digits).example.com", "c\(number % 3)@\(number % 4)", "d\(number % 2)")
            let bundle = [nil, Self.wanted, Self.older].randomElement(using: &random) ?? nil
            wanted.append(FleetOverview.Wanted(host, bundle: bundle))
            guard Int.random(in: 0..<5, using: &random) > 0 else { continue }
            reports[host.name] = report(
                RollExit.allCases.randomElement(using: &random) ?? .success,
                [nil, Self.wanted, Self.older].randomElement(using: &random) ?? nil,
                received: Int.random(in: 850...1050, using: &random), rejected: Bool.random(using: &random),
                held: Bool.random(using: &random) ? "held" : nil, until: Int.random(in: 900...1100, using: &random))
        }
        let listed = Set(FleetBucket.allCases.filter { _ in Bool.random(using: &random) })
        let revision = try #require(Revision(String(repeating: "a", count: 40)))
        let fleet = FleetOverview(
            wanted, at: revision, reports: reports, now: 1000, silentAfter: 100,
            listing: .init(buckets: listed, limit: 1000))
        #expect(fleet.buckets.total == count)
        #expect(fleet.buckets.inOrder.map(\.hosts).reduce(0, +) == count)
        #expect(fleet.hosts.count == listed.map { fleet.buckets[$0] }.reduce(0, +))
        #expect(Set(fleet.hosts.map(\.host)).count == fleet.hosts.count)
        for bucket in FleetBucket.allCases {
            #expect(fleet.hostclasses.values.map { $0[bucket] }.reduce(0, +) == fleet.buckets[bucket])
            #expect(fleet.datacenters.values.map { $0[bucket] }.reduce(0, +) == fleet.buckets[bucket])
            #expect(fleet.releases.values.map { $0[bucket] }.reduce(0, +) == fleet.buckets[bucket])
        }
        #expect(fleet.buckets.isConverged == (count > 0 && fleet.buckets[.converged] == count))
        #expect(try readJSON(fleet.asValue.json(), as: FleetOverview.self) == fleet, "what is shown is what is read")
    }

    @Test func theListGoesOnAfterANameUntilAllWereListed() throws {
        let hosts = try (10..<35).map {
            FleetOverview.Wanted(try Self.host("h\($0).example.com", "c@1", "d"), bundle: nil)
        }
        let revision = try #require(Revision(String(repeating: "a", count: 40)))
        var seen: [HostName] = []
        var after: HostName?
        repeat {
            let page = FleetOverview(
                hosts, at: revision, reports: [:], now: 0, silentAfter: 1, listing: .init(after: after, limit: 10))
            #expect(page.buckets[.silent] == 25, "all are counted on every page")
            seen += page.hosts.map(\.host)
            after = page.next
        } while after != nil
        #expect(seen.map(\.rawValue) == (10..<35).map { "h\($0).example.com" })
    }

    @Test func bucketsThatDoNotAddUpAreRefused() {
        #expect(throws: (any Error).self) { try readJSON(Array(#"{"hosts":2,"failed":1}"#.utf8), as: FleetCounts.self) }
        #expect(throws: (any Error).self) { try readJSON(Array(#"{"hosts":1,"lost":1}"#.utf8), as: FleetCounts.self) }
    }

    private static func host(_ name: String, _ release: String, _ datacenter: String) throws -> Host {
        let text = "hostclass: \(release)\ndatacenter: \(datacenter)\n"
        let (repo, _) = ConfigRepo.read([RepoFile(path: "hosts/\(name).yml", bytes: Array(text.utf8))])
        return try #require(repo.hosts.values.first)
    }
}
