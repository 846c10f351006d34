import RollerCore

/// Holds what classes say of paths against what their packages bring, as the manifests tell.
struct ManifestCheck {
    let source: ManifestSource
    /// Answers so far, since classes share packages; what is not there is remembered too.
    private var known: [PackageID: ManifestFile?] = [:]

    init(source: ManifestSource) { self.source = source }

    /// What is wrong with the packages and paths of each release in use, and of each class as it stands.
    mutating func findings(in snapshot: Snapshot) async throws -> [Diagnostic] {
        var findings: [Diagnostic] = []
        var platforms: [ReleaseReference: Set<Platform>] = [:]
        for host in snapshot.repo.hosts.values {
            guard let platform = host.platform ?? snapshot.repo.datacenters[host.datacenter]?.platform else { continue }
            platforms[host.release, default: []].insert(platform)
        }
        for (reference, platforms) in platforms.sorted(by: { $0.key < $1.key }) {
            guard case .found(let release, let own)? = snapshot.releases[reference], !own.hasErrors else { continue }
            findings += try await check(release.tree, named: "\(reference)", for: platforms, severity: .error)
        }
        let platformsByClass = snapshot.platformsByClass
        for (name, tree) in snapshot.repo.hostclasses.sorted(by: { $0.key < $1.key }) {
            // No host gets this before it is released, and a release asks again.
            findings += try await check(
                tree, named: "\(name)", for: Set(platformsByClass[name] ?? []), severity: .warning)
        }
        return findings
    }

    /// - Parameter severity: How bad it is when a package is not there, or not the one that was locked.
    private mutating func check(
        _ tree: HostclassTree, named name: String, for platforms: Set<Platform>, severity: Severity
    ) async throws -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for platform in platforms.sorted() {
            var manifests: [PackageManifest] = []
            for pin in tree.hostclass.packages {
                // Where the lock does not cover the class, that is a finding already.
                guard let build = tree.lock?.build(of: pin.name, for: platform, at: pin.version) else { continue }
                let id = PackageID(name: pin.name, version: pin.version, platform: build.platform)
                switch try await ask(for: id, build) {
                case .locked(let manifest): manifests.append(manifest)
                case .missing:
                    findings.append(
                        Diagnostic(
                            .packageMissing, severity: severity, at: pin.location,
                            "'\(name)' has \(id), and \(source) has no manifest of it",
                            hint: "publish it with `rollerctl package publish`"))
                case .otherBytes:
                    findings.append(
                        Diagnostic(
                            .packageChanged, severity: severity, at: pin.location,
                            "the manifest of \(id) in \(source) is not the one that '\(name)' locks",
                            hint: "give the new bytes a new version, or publish the ones that were locked"))
                }
            }
            // Half of the packages would make the rest of the paths look as if nobody brought them.
            guard manifests.count == tree.hostclass.packages.count else { continue }
            findings += tree.pathFindings(packages: manifests)
        }
        return findings
    }

    private enum Answer {
        case locked(PackageManifest)
        case missing
        case otherBytes
    }

    private mutating func ask(for id: PackageID, _ build: Lock.LockedBuild) async throws -> Answer {
        let file: ManifestFile?
        if let answer = known[id] {
            file = answer
        } else {
            file = try await source.manifest(of: id)
            known[id] = .some(file)
        }
        guard let file else { return .missing }
        return Digest(of: file.bytes) == build.manifest ? .locked(file.manifest) : .otherBytes
    }
}

extension Lock {
    fileprivate func build(of name: PackageName, for platform: Platform, at version: PackageVersion) -> LockedBuild? {
        guard packages.first(where: { $0.name == name })?.version == version else { return nil }
        return build(of: name, for: platform)
    }
}
