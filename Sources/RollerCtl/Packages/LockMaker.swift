import RollerCore

/// Makes the locks of classes out of the manifests of their packages.
struct LockMaker {
    let source: ManifestSource
    /// Answers so far, since classes share packages; what is not there is remembered too.
    private var known: [PackageID: ManifestFile?] = [:]

    init(source: ManifestSource) { self.source = source }

    /// What came of locking one class.
    struct Result {
        let lock: Lock
        /// Places that two of its packages, or a package and the class itself, claim.
        let conflicts: [Diagnostic]
    }

    /// Finds the builds of all that a class pins.
    /// - Parameters:
    ///   - platforms: Those to lock for.
    ///   - needsAll: Whether each package must have a build for each of them; else one build is enough.
    mutating func lock(_ tree: HostclassTree, for platforms: [Platform], needsAll: Bool) async throws -> Result {
        var packages: [Lock.LockedPackage] = []
        var missing: [PackageID] = []
        var chosen: [Platform: [PackageManifest]] = [:]
        for pin in tree.hostclass.packages {
            var builds: [Platform: Lock.LockedBuild] = [:]
            for platform in platforms.isEmpty ? [.any] : platforms {
                let own = PackageID(name: pin.name, version: pin.version, platform: platform)
                let common = PackageID(name: pin.name, version: pin.version, platform: .any)
                var file = try await manifest(own)
                if file == nil { file = try await manifest(common) }
                guard let file else {
                    missing.append(own)
                    continue
                }
                builds[file.manifest.platform] = Lock.LockedBuild(file)
                chosen[platform, default: []].append(file.manifest)
            }
            if !needsAll, !builds.isEmpty { missing.removeAll { $0.name == pin.name } }
            packages.append(
                Lock.LockedPackage(
                    name: pin.name, version: pin.version, builds: builds.values.sorted { $0.platform < $1.platform }))
        }
        guard missing.isEmpty else { throw LockError.missing(missing, source: "\(source)") }
        return Result(lock: Lock(packages), conflicts: conflicts(in: tree, chosen))
    }

    private mutating func manifest(_ id: PackageID) async throws -> ManifestFile? {
        if let answer = known[id] { return answer }
        let answer = try await source.manifest(of: id)
        known[id] = .some(answer)
        return answer
    }

    /// Two builds for two platforms conflict alike; that is said once.
    private func conflicts(in tree: HostclassTree, _ chosen: [Platform: [PackageManifest]]) -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return chosen.sorted { $0.key < $1.key }.flatMap { tree.pathFindings(packages: $0.value) }
            .filter { $0.code == .pathConflict && seen.insert($0).inserted }
    }
}

extension Lock.LockedBuild {
    fileprivate init(_ file: ManifestFile) {
        self.init(
            platform: file.manifest.platform, archive: file.manifest.archive, size: file.manifest.size,
            manifest: Digest(of: file.bytes))
    }
}

/// Why a class cannot be locked.
enum LockError: RollerError {
    case missing([PackageID], source: String)
    case changed([String])
    case unreadable(HostclassName)
    case noPlatform(HostclassName)

    var message: String {
        switch self {
        case .missing(let ids, let source):
            "there is no manifest in \(source) of"
                + ids.map { "\n  \($0)\($0.platform == .any ? "" : " or any")" }.joined()
        case .changed(let lines):
            "packages changed their bytes under the same version:" + lines.map { "\n  \($0)" }.joined()
        case .unreadable(let name): "the class '\(name)' has errors"
        case .noPlatform(let name): "no host of '\(name)' has a platform"
        }
    }

    var hint: String? {
        switch self {
        case .missing: "publish them with `rollerctl package publish`, or correct the versions"
        case .changed: "give the new bytes a new version; --accept-changed takes them where nobody has the old ones"
        case .unreadable: "`rollerctl lint` shows them"
        case .noPlatform: "write `platform:` into the datacenter's file, or the host's"
        }
    }
}
