/// Where a host stands: each is in exactly one bucket. Their order is that of need: the first ones want a person.
public enum FleetBucket: String, Hashable, Sendable, Codable, CaseIterable {
    /// Going back failed too: a person has to look. It stays here until the host says something else, however long that is.
    case inconsistent
    /// The last roll failed, or left services that are not healthy.
    case failed
    /// The last roll went back to the generation before, which is healthy; or its bundle is not tried again for that.
    case rolledBack = "rolled-back"
    /// Nothing was heard for too long, or ever.
    case silent
    /// Somebody holds the host as it is.
    case held
    /// Healthy, on another bundle than the one it would get now.
    case behind
    /// Healthy, and the server has not yet made out what the host would get now.
    case unknown
    /// Healthy, on exactly the bundle that it would get now.
    case converged

    /// Whether somebody should look.
    public var wantsAttention: Bool {
        switch self {
        case .inconsistent, .failed, .rolledBack, .silent: true
        case .held, .behind, .unknown, .converged: false
        }
    }

    /// How a host is doing.
    /// - Parameters:
    ///   - wanted: The digest of the bundle that it would get now; nil where that is not known yet.
    ///   - report: The last that was heard of it; nil where that is nothing.
    ///   - now: Seconds since 1970, by the clock that stamped the report.
    ///   - silentAfter: After how many seconds without a word a host counts as silent.
    public init(wanted: Digest?, _ report: HostReport?, now: Int, silentAfter: Int) {
        guard let report else {
            self = .silent
            return
        }
        if report.exit == .inconsistent {
            self = .inconsistent
        } else if now - report.received > silentAfter {
            self = .silent
        } else if report.isHeld(at: now) {
            self = .held
        } else {
            self = FleetBucket(report, wanted)
        }
    }

    /// How a host is doing that was heard of lately and is not held.
    private init(_ report: HostReport, _ wanted: Digest?) {
        switch report.exit {
        case .success, .changed:
            guard let wanted else {
                self = .unknown
                return
            }
            self = report.bundle == wanted ? .converged : .behind
        case .rolledBack: self = .rolledBack
        case .refused: self = report.wasRejected ? .rolledBack : .failed
        case .inconsistent: self = .inconsistent
        case .unexpected, .usage, .configOrServer, .verification, .staging, .rolledBackUnhealthy, .locked:
            self = .failed
        }
    }
}

/// The last that a host said, as far as the fleet's view needs it.
public struct HostReport: Hashable, Sendable {
    /// The roll's name.
    public let id: String
    /// When it came, in seconds since 1970 by the server's clock: a host's own may be wrong.
    public let received: Int
    /// How the roll ended.
    public let exit: RollExit
    /// The bundle asked for; where the roll went well, the one the host stands on.
    public let bundle: Digest?
    /// The release that the host stands on.
    public let applied: ReleaseReference?
    /// Whether the bundle is one that was rolled back from before.
    public let wasRejected: Bool
    /// Why the host is held.
    public let heldReason: String?
    /// Until when.
    public let heldUntil: Int?
    /// What went wrong, its beginning.
    public let failure: String?

    /// What a receipt says.
    /// - Parameter received: When it came, in seconds since 1970.
    public init(_ receipt: Receipt, received: Int) {
        id = receipt.id
        self.received = received
        exit = receipt.exit
        bundle = receipt.bundle
        applied = receipt.applied
        wasRejected = receipt.wasRejected ?? false
        heldReason = receipt.heldReason
        heldUntil = receipt.heldUntil
        // Ten thousand of them are held in memory.
        failure = receipt.failure.map { String($0.prefix(200)) }
    }

    /// Whether the host is held; a hold whose end has passed is none.
    func isHeld(at now: Int) -> Bool {
        guard heldReason != nil || heldUntil != nil else { return false }
        return heldUntil.map { now < $0 } ?? true
    }
}
