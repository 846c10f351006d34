internal import RollerCore

extension PageRoutes {
    /// `/packages`: what this server has.
    @Sendable func packages(_ call: Call) async throws -> Page {
        let names = try await waitingForDisk { try store.names() }
        let paging = try TablePart(call.query["from"], total: names.count)
        let shown = Array(paging.part(of: names))
        let versions = try await waitingForDisk { try shown.map { try store.versions(of: $0) } }
        let missing = try await missingPackages(call.standing)
        var page = Page(title: "Packages", area: .packages)
        page.data = "/v1/packages"
        if !missing.isEmpty {
            page.sections.append(
                Page.Section(
                    "Not here yet", count: missing.count,
                    [
                        .text("Releases in use lock these, and this server does not have them:"),
                        .list(missing.prefix(50).map { .code($0.description) }),
                    ]))
        }
        page.sections.append(
            Page.Section(
                "Packages", count: names.count,
                [
                    .table(
                        Table(
                            caption: "Packages", columns: ["Package", .number("Versions"), "Some of them"],
                            rows: zip(shown, versions).map { name, versions in
                                [
                                    .code(name.rawValue, link: Links(at: nil).page(["packages", name.rawValue])),
                                    Phrase("\(versions.count)"),
                                    .code(versions.suffix(4).map(\.version.rawValue).joined(separator: ", ")),
                                ]
                            }, footer: paging.footer { "/packages?from=\($0)" },
                            empty: "There is no package yet. `rollerctl package publish` brings one here."))
                ]))
        return page
    }

    /// What releases in use lock and the store lacks, sorted.
    private func missingPackages(_ standing: Standing) async throws -> [PackageKey] {
        guard let locked = standing.served?.lockedPackages else { return [] }
        return try await waitingForDisk {
            let there = try Dictionary(
                uniqueKeysWithValues: Set(locked.map(\.name)).map { name in
                    (
                        name,
                        Set(
                            try store.versions(of: name).flatMap { version, platforms in
                                platforms.map { PackageKey(name: name, version: version, platform: $0) }
                            })
                    )
                })
            return locked.filter { there[$0.name]?.contains($0) != true }.sorted { $0.description < $1.description }
        }
    }

    /// `/packages/NAME`: its versions.
    @Sendable func package(_ call: Call) async throws -> Page {
        let text = call["name"]
        guard let name = PackageName(text) else { throw UnknownName("package", text, among: []) }
        let versions = try await waitingForDisk { try store.versions(of: name) }
        guard !versions.isEmpty else {
            throw UnknownName("package", text, among: try await waitingForDisk { try store.names().map(\.rawValue) })
        }
        var page = Page(title: name.rawValue, area: .packages)
        page.trail = [.link("Packages", "/packages")]
        page.data = "/v1/packages/\(name)"
        let users = call.standing.served.map { usesOfPackage(name, $0) } ?? [:]
        page.sections = [
            Page.Section(
                "Versions", count: versions.count,
                [
                    .table(
                        Table(
                            caption: "Versions of \(name)",
                            columns: ["Version", "Built for", .number("Hosts with it")],
                            rows: versions.prefix(500).map { version, platforms in
                                let builds = platforms.map { platform in
                                    Phrase.code(
                                        platform.rawValue,
                                        link: Links(at: nil).page(
                                            ["packages", name.rawValue, version.rawValue, platform.rawValue]))
                                }
                                return [
                                    .code(version.rawValue), builds.joined(),
                                    Phrase((users[version]?.reduce(0) { $0 + $1.hosts } ?? 0).grouped),
                                ]
                            }))
                ])
        ]
        return page
    }

    /// A release that installs a package.
    private struct PackageUse {
        let release: ReleaseReference
        let hosts: Int
    }

    /// Releases in use that pin a package, by version.
    private func usesOfPackage(_ name: PackageName, _ snapshot: ServedSnapshot) -> [PackageVersion: [PackageUse]] {
        let counts = Dictionary(grouping: snapshot.snapshot.repo.hosts.values, by: \.release).mapValues(\.count)
        var uses: [PackageVersion: [PackageUse]] = [:]
        for (reference, lookup) in snapshot.snapshot.releases.sorted(by: { $0.key < $1.key }) {
            guard case .found(let release, _) = lookup,
                let pin = release.tree.hostclass.packages.first(where: { $0.name == name })
            else { continue }
            uses[pin.version, default: []].append(PackageUse(release: reference, hosts: counts[reference] ?? 0))
        }
        return uses
    }

    /// `/packages/NAME/VERSION/PLATFORM`: one build, what is in it and who uses it.
    @Sendable func build(_ call: Call) async throws -> Page {
        guard let name = PackageName(call["name"]), let version = PackageVersion(call["version"]),
            let platform = Platform(call["platform"])
        else { throw UnknownName("package", "\(call["name"])/\(call["version"])/\(call["platform"])", among: []) }
        let key = PackageKey(name: name, version: version, platform: platform)
        guard let text = try await waitingForDisk({ try store.manifest(of: key) }) else {
            if call.standing.served?.lockedPackages.contains(key) ?? false { throw StoreError.replicating(key) }
            throw StoreError.missing(key, near: [])
        }
        let manifest = try await waitingForDisk { try PackageManifest.read(text) }
        var page = Page(title: "\(name) \(version) for \(platform)", area: .packages)
        page.trail = [
            .link("Packages", "/packages"),
            .code(name.rawValue, link: Links(at: nil).page(["packages", name.rawValue])),
        ]
        page.data = "/v1" + Links(at: nil).page(["packages", name.rawValue, version.rawValue, platform.rawValue])
        let counts = manifest.counts
        var facts = [
            Fact("Archive", .code(manifest.archive.rawValue)), Fact("Size", Phrase("\(manifest.size)")),
            Fact("Unpacked", Phrase("\(manifest.unpackedSize)")),
            Fact(
                "Holds",
                Phrase(
                    [
                        counted(counts.files, "file"), counted(counts.directories, "directory", "directories"),
                        counted(counts.links, "link"),
                    ].joined(separator: ", "))),
        ]
        facts += manifest.origin.sorted { $0.key < $1.key }.map { Fact($0.key, .code(cut($0.value, to: 300))) }
        let paging = try TablePart(call.query["from"], total: manifest.entries.count)
        let uses = call.standing.served.map { usesOfPackage(name, $0)[version] ?? [] } ?? []
        page.sections = [
            Page.Section("Package", [.facts(facts)]),
            Page.Section(
                "Used by", count: uses.count,
                [
                    .table(
                        Table(
                            caption: "Releases in use that install it", columns: ["Release", .number("Hosts")],
                            rows: uses.map { [Links(at: nil).release($0.release), Phrase($0.hosts.grouped)] },
                            empty: "No host is on a release that installs it."))
                ]),
            Page.Section(
                "Contents", count: manifest.entries.count,
                [
                    .table(
                        Table(
                            caption: "Paths in the package",
                            columns: ["Path", "Mode", .number("Size"), "Digest or target"],
                            rows: paging.part(of: manifest.entries).map(row),
                            footer: paging.footer {
                                Links(at: nil).page(
                                    ["packages", name.rawValue, version.rawValue, platform.rawValue],
                                    [("from", "\($0)")])
                            }, empty: "The package is empty."))
                ]),
        ]
        return page
    }

    private func row(_ entry: PackageManifest.Entry) -> [Phrase] {
        let path = Phrase.code(entry.path.rawValue)
        return switch entry.kind {
        case .file(let mode, let size, let digest):
            [path, .code(octal(mode)), Phrase("\(size)"), .code(digest.short)]
        case .directory(let mode): [path, .code(octal(mode)), .none, .quiet("directory")]
        case .symlink(let target): [path, .quiet("link"), .none, .code("→ \(target)")]
        case .hardLink(let target): [path, .quiet("same file"), .none, .code("= \(target)")]
        }
    }

    private func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
