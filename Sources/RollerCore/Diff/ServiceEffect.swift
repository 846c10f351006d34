/// What a change does to one service of a host, as far as the repository alone can tell: manifests of packages are not
/// in it, so that which paths a package holds is not known here.
public struct ServiceEffect: Hashable, Sendable {
    /// Which service.
    public let name: ServiceName
    /// What happens to it.
    public let action: ServiceChange.Action
    /// Whether it is sure to. Else it depends on what a changed package holds; `roll plan` on the host can tell.
    public let isCertain: Bool
    /// Why, in a few words, to follow "because".
    public let reason: String
}

/// What decides whether services restart: the parts of two trees that are not the same.
struct KnownTreeChanges {
    /// Paths that are known to differ, sorted.
    let paths: [TreePath]
    /// Packages that came, went or have other bytes.
    let changedPackages: Set<PackageName>
    /// All packages of either side, to tell a package from a path in `uses`.
    let packages: Set<PackageName>

    init(from old: ResolvedHost, to new: ResolvedHost, _ changes: MeaningChanges) {
        let oldArchives = Set(old.bundle.packages.map(\.archive))
        let newArchives = Set(new.bundle.packages.map(\.archive))
        changedPackages = Set(
            old.bundle.packages.filter { !newArchives.contains($0.archive) }.map(\.name)
                + new.bundle.packages.filter { !oldArchives.contains($0.archive) }.map(\.name))
        packages = Set(old.bundle.packages.map(\.name) + new.bundle.packages.map(\.name))
        // Each once: a class's file with another declared mode is among files and modes.
        let names = changes.files.map(\.path) + changes.keep.map(\.name) + changes.modes.map(\.name)
        paths = Set(names.compactMap { TreePath($0) }).sorted()
    }
}

/// What becomes of the services. Never less than what a roll will do: where it cannot be known it is said to happen.
/// - Parameters:
///   - previous: The services of the old side, in the order they start.
///   - next: Those of the new side.
/// - Returns: Those of `next` in their order, then those that are gone.
func serviceEffects(from previous: [Service], to next: [Service], _ changes: KnownTreeChanges) -> [ServiceEffect] {
    let before = Dictionary(previous.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let names = Set(next.map(\.name))
    let touched = next.compactMap { service -> ServiceEffect? in
        guard let old = before[service.name] else { return ServiceEffect(service.name, .start, .added) }
        if old.supervisor != service.supervisor { return ServiceEffect(service.name, .restart, .definition) }
        return service.effect(of: changes).map { effect in
            // Packages may hold more than is known here, and are never just read anew.
            let reloads = service.isReloaded(for: changes.paths, changes.changedPackages, of: changes.packages)
            guard reloads, changes.changedPackages.isEmpty else { return effect }
            return ServiceEffect(name: effect.name, action: .reload, isCertain: true, reason: effect.reason)
        }
    }
    return touched + previous.filter { !names.contains($0.name) }.map { ServiceEffect($0.name, .stop, .removed) }
}

extension Service {
    fileprivate func effect(of changes: KnownTreeChanges) -> ServiceEffect? {
        guard let uses else {
            let reason: ServiceChange.Reason? =
                changes.paths.first.map { .path($0, others: changes.paths.count - 1) }
                ?? changes.changedPackages.min().map { .package($0) }
            return reason.map { ServiceEffect(name, .restart, $0) }
        }
        var unknown: TreePath?
        for use in uses + reloadOn.map(\.rawValue) {
            if let package = PackageName(use), changes.packages.contains(package) {
                if changes.changedPackages.contains(package) { return ServiceEffect(name, .restart, .package(package)) }
                continue
            }
            guard let used = TreePath(use) else { continue }
            let hits = changes.paths.filter { $0.isAtOrBelow(used) }
            if let first = hits.first { return ServiceEffect(name, .restart, .path(first, others: hits.count - 1)) }
            unknown = unknown ?? used
        }
        guard let unknown, let package = changes.changedPackages.min() else { return nil }
        let others = changes.changedPackages.count - 1
        return ServiceEffect(
            name: name, action: .restart, isCertain: false,
            reason: "the package \(package)\(others == 0 ? "" : " or \(others) more") may hold \(unknown)")
    }
}

extension ServiceEffect {
    fileprivate init(_ name: ServiceName, _ action: ServiceChange.Action, _ reason: ServiceChange.Reason) {
        self.init(name: name, action: action, isCertain: true, reason: reason.text)
    }
}
