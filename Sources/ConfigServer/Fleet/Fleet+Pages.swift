internal import RollerCore

extension FleetSource {
    /// What pages show of a fleet.
    init(_ fleet: Fleet) {
        self.init { served in
            let overview = fleet.report(at: served, listing: .init(limit: .max)) { _ in true }
            return FleetPicture(hosts: overview.hosts.map(FleetHost.init))
        } rolls: { host in
            try await waitingForDisk { try fleet.receipts.receipts(of: host, limit: 50) }.map(HostRoll.init)
        }
    }
}

extension FleetHost {
    fileprivate init(_ entry: FleetOverview.Entry) {
        let note = entry.bucket == .converged ? "" : entry.reason ?? entry.bucket.words
        self.init(
            name: entry.host, hostclass: entry.release.hostclass, datacenter: entry.datacenter, wanted: entry.release,
            running: entry.applied, bucket: Bucket(entry.bucket), note: note, when: entry.heard, downtime: nil)
    }
}

extension FleetHost.Bucket {
    /// Pages have two kinds less: what is inconsistent has failed, and who is healthy has arrived or not.
    fileprivate init(_ bucket: FleetBucket) {
        switch bucket {
        case .inconsistent, .failed: self = .failed
        case .rolledBack: self = .rolledBack
        case .silent: self = .silent
        case .held: self = .held
        case .behind, .unknown: self = .behind
        case .converged: self = .converged
        }
    }
}

extension FleetBucket {
    /// What there is to say where the host said nothing itself.
    fileprivate var words: String {
        switch self {
        case .inconsistent: "inconsistent: a person has to look"
        case .unknown: "what it would get now is being made out"
        case .failed, .rolledBack, .silent, .held, .behind, .converged: ""
        }
    }
}

extension HostRoll {
    fileprivate init(_ stored: StoredReceipt) {
        let receipt = stored.receipt
        let report = HostReport(receipt, received: stored.received)
        // As of then: whether its bundle is still the right one is not asked of each roll.
        let bucket = FleetBucket(wanted: receipt.bundle, report, now: stored.received, silentAfter: .max)
        self.init(
            when: receipt.ended, release: receipt.applied ?? receipt.release, generation: receipt.to?.number,
            bucket: FleetHost.Bucket(bucket),
            outcome: receipt.failure ?? (receipt.changed ? "changed" : "nothing to do"),
            took: .milliseconds(receipt.milliseconds),
            downtime: receipt.services.compactMap(\.downMilliseconds).max().map { .milliseconds($0) })
    }
}
