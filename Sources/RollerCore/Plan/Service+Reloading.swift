extension Service {
    /// Whether all that changed of what it uses is what it reads anew when it is told to. A package is more than that:
    /// what runs may be of it.
    /// - Parameters:
    ///   - paths: The paths that differ.
    ///   - changed: The packages that were added, removed or have other bytes.
    ///   - packages: The names of all packages of either side, to tell a package from a path in `uses`.
    func isReloaded(for paths: [TreePath], _ changed: Set<PackageName>, of packages: Set<PackageName>) -> Bool {
        guard !reloadOn.isEmpty else { return false }
        guard let uses else { return changed.isEmpty && paths.allSatisfy { path in isReread(path) } }
        var used: [TreePath] = []
        for use in uses {
            if let package = PackageName(use), packages.contains(package) {
                if changed.contains(package) { return false }
            } else if let path = TreePath(use) {
                used.append(path)
            }
        }
        return paths.allSatisfy { path in isReread(path) || !used.contains { path.isAtOrBelow($0) } }
    }

    private func isReread(_ path: TreePath) -> Bool { reloadOn.contains { path.isAtOrBelow($0) } }
}
