/// What a roll will do to its host, decided before anything is touched. It holds all that undoing needs, so that undoing
/// asks neither the network nor the renderer.
public struct RollPlan: Hashable, Sendable, Codable {
    /// Names this roll in the journal and in its receipt.
    public let id: String
    /// The generation that is live, and is live again if anything fails.
    public let previous: Generation
    /// The generation to make live.
    public let next: Generation
    /// The bundle that `next` was made from; nil for a generation from before Roller.
    public let bundle: Digest?
    /// The services of `previous` that stop, in the order they start.
    public let stopping: [Service]
    /// The services of `next` that start, in the order they start.
    public let starting: [Service]
    /// The services of `next` that go on and read their files anew.
    public let reloading: [Service]
    /// The same services as `previous` has them, to do so again if anything fails.
    public let reloadingBack: [Service]
    /// Units of systemd that start at boot once the roll is committed.
    public var enabling: [String] = []
    /// Units of systemd that start at boot now, and go.
    public var disabling: [String] = []

    /// A plan from one generation to another.
    public init(
        id: String, previous: Generation, next: Generation, bundle: Digest?, stopping: [Service], starting: [Service],
        reloading: [Service] = [], reloadingBack: [Service] = []
    ) {
        self.id = id
        self.previous = previous
        self.next = next
        self.bundle = bundle
        self.stopping = stopping
        self.starting = starting
        self.reloading = reloading
        self.reloadingBack = reloadingBack
    }

    /// From a journal, which an earlier version may have written.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        previous = try container.decode(Generation.self, forKey: .previous)
        next = try container.decode(Generation.self, forKey: .next)
        bundle = try container.decodeIfPresent(Digest.self, forKey: .bundle)
        stopping = try container.decode([Service].self, forKey: .stopping)
        starting = try container.decode([Service].self, forKey: .starting)
        reloading = try container.decodeIfPresent([Service].self, forKey: .reloading) ?? []
        reloadingBack = try container.decodeIfPresent([Service].self, forKey: .reloadingBack) ?? []
        enabling = try container.decodeIfPresent([String].self, forKey: .enabling) ?? []
        disabling = try container.decodeIfPresent([String].self, forKey: .disabling) ?? []
    }
}

/// A plan and what it rests on, for people to read before it happens.
public struct ExplainedPlan: Hashable, Sendable {
    /// What will be done.
    public let plan: RollPlan
    /// What differs in the tree.
    public let changes: TreeChanges
    /// What happens to which service, and why.
    public let services: [ServiceChange]

    /// Decides what going from one generation to another takes.
    /// - Parameters:
    ///   - previous: The record of the live generation; nil for a tree that Roller did not make, or a lost record.
    ///   - live: The generation that is live, where its record may be lost; else the record says it. Of one whose record is lost nobody knows what it runs: the services of `next`
    ///     are taken to be its own, so that none of them is started beside an earlier one of that name.
    ///   - next: The record of the generation to make live; nil when that is the tree from before Roller.
    ///   - manifest: The manifest of a package of either; asked only for packages that differ.
    public static func from(
        _ previous: GenerationRecord?, leaving live: Generation? = nil, to next: GenerationRecord?, id: String,
        manifest: (Bundle.Package) throws -> PackageManifest
    ) rethrows -> ExplainedPlan {
        let changes: TreeChanges
        switch (previous, next) {
        case (_, let next?): changes = try .between(previous, next, manifest: manifest)
        case (let previous?, nil): changes = try TreeChanges.between(nil, previous, manifest: manifest).reversed
        case (nil, nil): changes = TreeChanges()
        }
        let packages = Set((previous?.packages ?? []).map(\.name) + (next?.packages ?? []).map(\.name))
        let live = live ?? previous?.generation ?? .beforeRoller
        let isLost = previous == nil && live != .beforeRoller
        let before = isLost ? next?.services ?? [] : previous?.services ?? []
        let services =
            isLost
            ? before.map { ServiceChange(name: $0.name, action: .restart, reason: .unknown) }
            : serviceChanges(from: before, to: next?.services ?? [], changes: changes, packages: packages)
        let named = { (action: Set<ServiceChange.Action>) in
            Set(services.filter { action.contains($0.action) }.map(\.name))
        }
        let stopping = named([.stop, .restart])
        let starting = named([.start, .restart])
        let reloading = named([.reload])
        let plan = RollPlan(
            id: id, previous: live, next: next?.generation ?? .beforeRoller,
            bundle: next?.bundle,
            stopping: before.filter { stopping.contains($0.name) },
            starting: next?.services.filter { starting.contains($0.name) } ?? [],
            reloading: next?.services.filter { reloading.contains($0.name) } ?? [],
            reloadingBack: before.filter { reloading.contains($0.name) })
        return ExplainedPlan(plan: plan, changes: changes, services: services)
    }

    /// Whether there is nothing to do to the host.
    public var isEmpty: Bool { changes.isEmpty && services.isEmpty }
}

extension TreeChanges {
    /// The same differences, seen from the other side.
    var reversed: TreeChanges {
        TreeChanges(added: removed, changed: changed, removed: added, packages: packages)
    }
}
