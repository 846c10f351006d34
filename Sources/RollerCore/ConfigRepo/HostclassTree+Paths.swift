extension HostclassTree {
    /// What `uses` and `modes` name and the class does not have, as far as the repository alone can tell: which paths a
    /// package brings, only its manifest knows.
    func checkNames() -> [Diagnostic] {
        guard hostclass.packages.isEmpty else { return checkUses(in: { !$0.rawValue.looksLikePackage }) }
        return checkUses(in: { _ in false }) + checkModes(in: { _ in false })
    }

    /// All that is wrong with the class's paths on one platform, once it is known what its packages bring: two owners of
    /// one path, modes and `uses` of what nothing brings. What `read` said about `uses` as a warning is settled by this.
    /// - Parameter packages: The manifest of each package of the class.
    public func pathFindings(packages: [PackageManifest]) -> [Diagnostic] {
        let conflicts = pathConflicts(packages: packages, files: files, keep: hostclass.keep.map(\.path)).map(finding)
        let isThere = { (path: TreePath) in
            packages.contains { $0.entries.contains { $0.path.isAtOrBelow(path) } }
        }
        return conflicts + checkUses(in: isThere, isSettled: true) + checkModes(in: isThere)
            + checkLinks(in: packages)
    }

    /// A symbolic link has no mode, and what it leads to may be outside the tree.
    private func checkLinks(in packages: [PackageManifest]) -> [Diagnostic] {
        let modes = Dictionary(hostclass.modes.map { ($0.path, $0.location) }, uniquingKeysWith: { first, _ in first })
        guard !modes.isEmpty else { return [] }
        return packages.flatMap { package in
            package.entries.compactMap { entry in
                guard case .symlink(let target) = entry.kind, let location = modes[entry.path] else { return nil }
                return Diagnostic(
                    .badMode, at: location,
                    "'\(entry.path)' has a mode, and is a symbolic link to '\(target)' in package '\(package.name)'",
                    hint: "give the mode to what it leads to, if that is in the tree")
            }
        }
    }

    /// Two owners of one path. A file's place is its own; a package's is its pin, which says more when both are packages.
    private func finding(_ conflict: PathConflict) -> Diagnostic {
        let places = [conflict.second, conflict.first].compactMap(place)
        return Diagnostic(
            .pathConflict, at: places.first ?? SourceLocation(file: "hostclasses/\(hostclass.name).yml"),
            conflict.message, hint: conflict.hint, related: places.dropFirst().map { .init($0, "and this") })
    }

    /// Where the class asks for what `claim` brings.
    private func place(of claim: PathClaim) -> SourceLocation? {
        switch claim.owner {
        case .package(let name): hostclass.packages.first { $0.name == name }?.location
        case .classFile(let source): SourceLocation(file: source)
        case .keep: hostclass.keep.first { $0.path == claim.path }?.location
        }
    }

    /// - Parameters:
    ///   - isInPackages: Whether a package brings something at a path or below it.
    ///   - isSettled: Whether `isInPackages` knows or guesses.
    private func checkUses(in isInPackages: (TreePath) -> Bool, isSettled: Bool = false) -> [Diagnostic] {
        let names = hostclass.packages.map(\.name.rawValue)
        return hostclass.services.flatMap { located in
            zip(located.service.uses ?? [], located.uses).compactMap { text, location -> Diagnostic? in
                if names.contains(text) { return nil }
                if let path = TreePath(text), brings(path) || isInPackages(path) { return nil }
                let isError = isSettled || names.isEmpty
                let near = nearestName(to: text, among: names).map { "did you mean '\($0)'?" }
                return Diagnostic(
                    .serviceUsesNothing, severity: isError ? .error : .warning, at: location,
                    isError
                        ? "'\(text)' is no package of '\(hostclass.name)', and nothing of the class lies there"
                        : "'\(text)' is no package of '\(hostclass.name)', and no file of the class lies there",
                    hint: near ?? "name a package of the class, or a path that one of them or a file brings")
            }
        }
    }

    private func checkModes(in isInPackages: (TreePath) -> Bool) -> [Diagnostic] {
        let paths = files.map(\.path.rawValue)
        return hostclass.modes.filter { !brings($0.path) && !isInPackages($0.path) }.map { mode in
            Diagnostic(
                .badMode, at: mode.location, "'\(mode.path)' has a mode, and nothing brings it",
                hint: nearestName(to: mode.path.rawValue, among: paths).map { "did you mean '\($0)'?" }
                    ?? "add files/\(hostclass.name)/\(mode.path), or remove the mode")
        }
    }

    /// Whether the class itself brings or keeps something at `path` or below it.
    private func brings(_ path: TreePath) -> Bool {
        files.contains { $0.path.isAtOrBelow(path) }
            || hostclass.keep.contains { $0.path.isAtOrBelow(path) || path.isAtOrBelow($0.path) }
    }
}

extension String {
    /// Whether this is more likely the name of a package than a path: paths have slashes, or are one of those that every
    /// prefix has (Filesystem Hierarchy Standard 3.0, section 4.9).
    fileprivate var looksLikePackage: Bool {
        let usual = ["bin", "etc", "games", "include", "lib", "libexec", "man", "sbin", "share", "src", "var", "opt"]
        return PackageName(self) != nil && !usual.contains(self)
    }
}
