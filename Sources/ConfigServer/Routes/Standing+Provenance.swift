internal import OrderedCollections
internal import RollerCore

extension Standing {
    /// What is to be known of where the commits come from: how fetching goes, and what moved that never should.
    var provenance: [(String, Value)] {
        var entries: [(String, Value)] = []
        if let upstream {
            var state: [(String, Value)] = []
            if let fetched = upstream.fetched {
                state.append(("fetched", .int(max(0, Int((ContinuousClock.now - fetched).components.seconds)))))
            }
            if let failure = upstream.failure { state.append(("failure", .string(failure))) }
            state.append(("failures", .int(upstream.failures)))
            entries.append(("upstream", .entries(state)))
        }
        if let bucket { entries.append(("bucket", .entries(bucket.entries))) }
        if let rewritten {
            entries.append(
                (
                    "rewritten",
                    .map([
                        "from": .string(rewritten.from.rawValue), "to": .string(rewritten.to.rawValue),
                        "noticed": .string(rewritten.noticed.iso8601),
                    ])
                ))
        }
        if !movedTags.isEmpty { entries.append(("moved-tags", .list(movedTags.map(Value.string)))) }
        return entries
    }
}
