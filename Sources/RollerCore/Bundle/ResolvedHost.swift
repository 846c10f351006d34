internal import OrderedCollections

/// A host with all that decides it brought together.
public struct ResolvedHost: Sendable {
    /// The host.
    public let host: Host
    /// Its datacenter.
    public let datacenter: Datacenter
    /// Its class, at its release.
    public let release: Release
    /// What its machine is.
    public let platform: Platform
    /// Its settings, with where each was set.
    public let settings: [EffectiveSetting]
    /// What it gets.
    public let bundle: Bundle
    /// Its class's files as they will be on the host, sorted by path.
    public let files: [RenderedFile]
}

/// What decides a host, rendered, before it is made a bundle.
private struct Decision {
    let datacenter: Datacenter
    let release: Release
    let platform: Platform
    let settings: [EffectiveSetting]
    let packages: [Bundle.Package]
    let services: [Service]
    let files: [RenderedFile]
}

extension ConfigRepo {
    /// Brings together what decides `host`, and renders it.
    /// - Parameter lookup: What came of looking for the release that the host names.
    /// - Returns: Nil for the host when any finding is an error. Findings of the release's own files are not repeated.
    public func resolve(
        _ host: Host, release lookup: ReleaseLookup
    ) -> (host: ResolvedHost?, findings: [Diagnostic]) {
        let (decision, findings) = decide(host, lookup)
        guard let decision else { return (nil, findings) }
        let tree = decision.release.tree
        let bundle = Bundle(
            format: 1, host: host.name, datacenter: decision.datacenter.name, platform: decision.platform,
            release: decision.release.reference, releaseRevision: decision.release.revision,
            configServers: decision.datacenter.configServers, settings: decision.settings.asMap,
            packages: decision.packages, files: tree.files.map(Bundle.File.init), services: decision.services,
            keep: tree.hostclass.keep.map(\.path).sorted(),
            modes: Dictionary(
                tree.hostclass.modes.map { ($0.path, $0.mode) }, uniquingKeysWith: { first, _ in first }),
            downtimeBudget: tree.hostclass.downtimeBudget)
        let resolved = ResolvedHost(
            host: host, datacenter: decision.datacenter, release: decision.release, platform: decision.platform,
            settings: decision.settings, bundle: bundle, files: decision.files.map { $0.applying(bundle.modes) })
        return (resolved, findings)
    }

    /// What `resolve` finds, without the cost of the bundle.
    func check(_ host: Host, release lookup: ReleaseLookup) -> [Diagnostic] { decide(host, lookup).findings }

    private func decide(_ host: Host, _ lookup: ReleaseLookup) -> (decision: Decision?, findings: [Diagnostic]) {
        var findings: [Diagnostic] = []
        let datacenter = datacenters[host.datacenter]
        if datacenter == nil { findings.append(unknownDatacenter(of: host)) }
        guard case .found(let release, let ownFindings) = lookup else {
            return (nil, findings + [missingRelease(of: host, lookup)].compactMap { $0 })
        }
        let (settings, settingFindings) = effectiveSettings(of: host, in: datacenter, of: release.tree)
        findings += settingFindings
        // What the release's own files say wrong would only be said again, in other words.
        guard let datacenter, !ownFindings.hasErrors else { return (nil, findings) }
        guard let platform = host.platform ?? datacenter.platform else {
            findings.append(missingPlatform(of: host))
            return (nil, findings)
        }
        let (packages, packageFindings) = release.lockedPackages(for: platform, of: host)
        findings += packageFindings
        guard !findings.hasErrors else { return (nil, findings) }

        let scope = renderingScope(host: host, platform: platform, settings: settings)
        let (services, serviceFindings) = renderServices(of: release.tree.hostclass, scope)
        let (files, fileFindings) = render(release.tree.files, scope)
        findings += serviceFindings + fileFindings
        guard !findings.hasErrors else { return (nil, findings) }
        let decision = Decision(
            datacenter: datacenter, release: release, platform: platform, settings: settings, packages: packages,
            services: services, files: files)
        return (decision, findings)
    }

    private func unknownDatacenter(of host: Host) -> Diagnostic {
        Diagnostic(
            .unknownDatacenter, at: host.datacenterLocation, "there is no datacenter '\(host.datacenter)'",
            hint: nearestName(to: host.datacenter.rawValue, among: datacenters.keys.map(\.rawValue).sorted())
                .map { "did you mean '\($0)'?" } ?? "add datacenters/\(host.datacenter).yml")
    }

    private func missingPlatform(of host: Host) -> Diagnostic {
        Diagnostic(
            .platformMissing, at: host.datacenterLocation,
            "neither the host nor the datacenter '\(host.datacenter)' states a platform",
            hint: "write `platform: debian-12-x86_64`, or what it is, into one of the two")
    }

    /// Why a host's release is not there; nil where the release's own findings say it.
    private func missingRelease(of host: Host, _ lookup: ReleaseLookup) -> Diagnostic? {
        let name = host.release.hostclass
        switch lookup {
        case .found: return nil
        case .unreadable(let revision, let findings):
            guard !findings.hasErrors else { return nil }
            return Diagnostic(
                .unknownHostclass, at: host.releaseLocation,
                "there is no hostclasses/\(name).yml at '\(host.release)' (commit \(revision.short))",
                hint: "name a release that was made after the class was")
        case .missing(let near):
            if case .commit(let revision) = host.release.state {
                return Diagnostic(
                    .unknownRelease, at: host.releaseLocation, "there is no commit \(revision)",
                    hint: "push it first, or name a release")
            }
            if hostclasses[name] == nil, near.isEmpty {
                let names = hostclasses.keys.map(\.rawValue).sorted()
                return Diagnostic(
                    .unknownHostclass, at: host.releaseLocation, "there is no hostclass '\(name)'",
                    hint: nearestName(to: name.rawValue, among: names).map { "did you mean '\($0)'?" }
                        ?? "add hostclasses/\(name).yml")
            }
            let nearest = nearestName(to: host.release.rawValue, among: near) ?? near.last
            return Diagnostic(
                .unknownRelease, at: host.releaseLocation, "there is no release '\(host.release)'",
                hint: nearest.map { "did you mean '\($0)'?" } ?? "make it with `rollerctl release \(name)`")
        }
    }
}

extension Release {
    /// The locked build of each package for a platform, and what the lock lacks.
    fileprivate func lockedPackages(
        for platform: Platform, of host: Host
    ) -> (packages: [Bundle.Package], findings: [Diagnostic]) {
        guard !tree.hostclass.packages.isEmpty else { return ([], []) }
        let refresh = "run `rollerctl lock \(reference.hostclass)` and release the class"
        guard let lock = tree.lock else {
            return (
                [],
                [
                    Diagnostic(
                        .lockMissing, at: host.releaseLocation,
                        "'\(reference)' has packages and no hostclasses/\(reference.hostclass).lock.yml", hint: refresh)
                ]
            )
        }
        var packages: [Bundle.Package] = []
        var findings: [Diagnostic] = []
        for pin in tree.hostclass.packages {
            let locked = lock.packages.first { $0.name == pin.name }
            guard let build = lock.build(of: pin.name, for: platform), locked?.version == pin.version else {
                let why =
                    switch locked {
                    case nil: "has no package '\(pin.name)'"
                    case let locked? where locked.version != pin.version:
                        "has '\(pin.name)' at \(locked.version), and the class at \(pin.version)"
                    case _?: "has no build of '\(pin.name)' for \(platform) or any"
                    }
                findings.append(
                    Diagnostic(
                        .lockStale, at: host.releaseLocation, "the lock of '\(reference)' \(why)", hint: refresh,
                        related: [.init(pin.location, "pinned here")]))
                continue
            }
            packages.append(
                Bundle.Package(
                    name: pin.name, version: pin.version, platform: build.platform, archive: build.archive,
                    size: build.size, manifest: build.manifest))
        }
        return (packages, findings)
    }
}

extension [EffectiveSetting] {
    /// The values alone, as templates see them.
    var asMap: Value {
        .map(.init(uniqueKeysWithValues: map { ($0.key.rawValue, $0.value) }))
    }
}

extension Bundle.File {
    fileprivate init(_ file: ClassFile) {
        self.init(
            path: file.path, executable: file.isExecutable, template: file.template != nil,
            contents: FileContents(file.bytes))
    }
}
