/// What a roll does to one service, and why.
public struct ServiceChange: Hashable, Sendable, Codable {
    /// Which service.
    public let name: ServiceName
    /// What happens to it.
    public let action: Action
    /// Why.
    public let reason: Reason

    /// What can happen to a service.
    public enum Action: String, Hashable, Sendable, Codable {
        /// It is new, and only starts.
        case start
        /// It is gone from the class, and only stops.
        case stop
        /// It stops before the swap and starts after it.
        case restart
        /// It goes on, and reads its files anew after the swap.
        case reload
    }

    /// Why something happens to a service.
    public enum Reason: Hashable, Sendable, Codable {
        /// The class has it now and had not before.
        case added
        /// The class has it no more.
        case removed
        /// How it is started and stopped has changed.
        case definition
        /// Nobody knows any more what the generation before was made from.
        case unknown
        /// A package it uses has other bytes.
        case package(PackageName)
        /// A path it uses changed; `others` more did.
        case path(TreePath, others: Int)

        /// In a few words, to follow "because".
        public var text: String {
            switch self {
            case .added: "it is new"
            case .removed: "the class has it no more"
            case .unknown: "what the live tree was made from is not known"
            case .definition: "its start or stop changed"
            case .package(let name): "the package \(name) changed"
            case .path(let path, let others): others == 0 ? "\(path) changed" : "\(path) and \(others) more changed"
            }
        }
    }
}

/// Decides which services a change touches: only those whose inputs changed.
/// - Parameters:
///   - previous: The services of the live generation, in the order they start.
///   - next: Those of the next.
///   - packages: The names of all packages of either generation, to tell a package from a path in `uses`.
/// - Returns: One change a touched service: those of `next` in their order, then those that are gone.
func serviceChanges(
    from previous: [Service], to next: [Service], changes: TreeChanges, packages: Set<PackageName>
) -> [ServiceChange] {
    let before = Dictionary(previous.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let names = Set(next.map(\.name))
    let paths = changes.paths
    let touched = next.compactMap { service -> ServiceChange? in
        guard let old = before[service.name] else {
            return ServiceChange(name: service.name, action: .start, reason: .added)
        }
        if old.supervisor != service.supervisor {
            return ServiceChange(name: service.name, action: .restart, reason: .definition)
        }
        return service.reasonToRestart(changes, paths, packages).map {
            let reloads = service.isReloaded(for: paths, changes.packages, of: packages)
            return ServiceChange(name: service.name, action: reloads ? .reload : .restart, reason: $0)
        }
    }
    let gone = previous.filter { !names.contains($0.name) }.map {
        ServiceChange(name: $0.name, action: .stop, reason: .removed)
    }
    return touched + gone
}

extension Service {
    fileprivate func reasonToRestart(
        _ changes: TreeChanges, _ paths: [TreePath], _ packages: Set<PackageName>
    ) -> ServiceChange.Reason? {
        guard let uses else {
            return paths.first.map { .path($0, others: paths.count - 1) } ?? changes.packages.min().map { .package($0) }
        }
        for use in uses + reloadOn.map(\.rawValue) {
            if let package = PackageName(use), packages.contains(package) {
                if changes.packages.contains(package) { return .package(package) }
                continue
            }
            guard let used = TreePath(use) else { continue }
            let hits = paths.filter { $0.isAtOrBelow(used) }
            if let first = hits.first { return .path(first, others: hits.count - 1) }
        }
        return nil
    }
}
