/// How long a service is likely to be away in a roll, by how long it was in earlier ones.
public struct ExpectedDowntime: Hashable, Sendable, Codable {
    /// How many earlier rolls are looked at, the newest first.
    public static let rollsConsidered = 20

    /// Which service.
    public let service: ServiceName
    /// How many rolls restarted it, of those looked at.
    public let rolls: Int
    /// The median of how long it was away, in milliseconds: of two in the middle the longer one.
    public let medianMilliseconds: Int64
    /// The longest.
    public let worstMilliseconds: Int64

    /// For each service that stops and starts in a plan, if an earlier roll did the same to it and committed.
    /// - Parameter receipts: Of earlier rolls, oldest first.
    public static func of(_ changes: [ServiceChange], receipts: [Receipt]) -> [ExpectedDowntime] {
        changes.filter { $0.action == .restart }.compactMap { change in
            let times = receipts.reversed().lazy.filter { $0.exit == .success }
                .compactMap { receipt in
                    receipt.services.first { $0.name == change.name && $0.action == .restart }?.downMilliseconds
                }
                .prefix(rollsConsidered).sorted()
            guard let worst = times.last else { return nil }
            return ExpectedDowntime(
                service: change.name, rolls: times.count, medianMilliseconds: times[times.count / 2],
                worstMilliseconds: worst)
        }
    }
}
