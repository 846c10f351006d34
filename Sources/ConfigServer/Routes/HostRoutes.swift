internal import OrderedCollections
internal import RollerCore

/// `/v1/hosts`: hosts as they are written, and as they come out.
struct HostRoutes: Sendable {
    let history: History
    let indexes: SnapshotIndexes

    var routes: [Route] {
        [
            .get(
                "/v1/hosts",
                taking: ListPart.parameters.union(["at", "format", "hostclass", "datacenter", "release", "platform"]),
                list),
            .get("/v1/hosts/{host}", taking: ["at", "format"], file),
            .get("/v1/hosts/{host}/effective", taking: ["at", "format"], effective),
            .get("/v1/hosts/{host}/bundle", taking: ["at", "format"], bundle),
            .get("/v1/hosts/{host}/files", taking: ["at", "format"], files),
            .get("/v1/hosts/{host}/files/{path...}", taking: ["at"], renderedFile),
        ]
    }

    /// The hosts, perhaps those of one class, release, datacenter or platform alone.
    @Sendable private func list(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let index = indexes.of(snapshot)
        let hostclass = try call.query["hostclass"].map { try snapshot.hostclass($0).hostclass.name }
        let datacenter = try call.query["datacenter"].map { try snapshot.datacenter($0).name }
        let release = try call.query["release"].map { text in
            guard let release = ReleaseReference(text), index.hosts.byRelease[release] != nil else {
                throw UnknownName("release", text, among: index.hosts.byRelease.keys.map(\.rawValue))
            }
            return release
        }
        let platform = try call.query["platform"].map { text in
            guard let platform = Platform(text) else {
                throw RequestError.badParameter("platform", text, rule: Platform.rule)
            }
            return platform
        }
        // The shortest list there is, and what is left to ask of it.
        var names = release.map { index.hosts.byRelease[$0] ?? [] } ?? index.hosts.hosts
        if release == nil, let hostclass { names = index.hosts.byHostclass[hostclass] ?? [] }
        if release == nil, hostclass == nil, let datacenter { names = index.hosts.byDatacenter[datacenter] ?? [] }
        let isAll = release == nil && hostclass == nil && datacenter == nil && platform == nil
        let hosts = index.hosts(names).filter { host in
            (hostclass == nil || host.release.hostclass == hostclass)
                && (datacenter == nil || host.datacenter == datacenter)
                && (platform == nil || (host.platform ?? snapshot.platform(of: host.datacenter)) == platform)
        }
        return try call.list(
            hosts, path: "/v1/hosts", of: snapshot, as: isAll ? "hosts" : nil, name: \.name.rawValue, value: \.summary)
    }

    @Sendable private func file(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let host = try snapshot.host(call["host"])
        return try snapshot.view(file: "hosts/\(host.name).yml", call.format()) { host.asValue }
    }

    /// Each setting of the host with where it was set.
    @Sendable private func effective(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let host = try snapshot.host(call["host"])
        return try snapshot.view("hosts/\(host.name)/effective", call.format()) {
            let resolved = try snapshot.resolve(host)
            return .entries(
                resolved.settings.map { setting in
                    let outranked = setting.outranked.map {
                        Value.entries($0.entries(in: resolved, of: snapshot.revision))
                    }
                    return (
                        setting.key.rawValue,
                        .entries(
                            [("value", setting.value)] + setting.origin.entries(in: resolved, of: snapshot.revision)
                                + [("outranked", .list(outranked))])
                    )
                })
        }
    }

    /// All that decides the host. The digest is that of the JSON, whatever the format.
    @Sendable private func bundle(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let host = try snapshot.host(call["host"])
        let format = try call.format()
        let view = try snapshot.hostView(host, "bundle", format: format, type: format.mediaType) {
            let bundle = try snapshot.resolve(host).bundle
            let json = bundle.json
            let digest = Digest(of: json)
            switch format {
            case .json: return ViewCache.Made(bytes: json, tag: EntityTag(opaque: digest.hex), bundle: digest)
            case .yaml:
                return ViewCache.Made(
                    bytes: Array(Value.coded(bundle).yaml.utf8), tag: EntityTag(opaque: digest.hex + ".yaml"),
                    bundle: digest)
            }
        }
        return Answer(view, of: snapshot.revision)
    }

    /// The files of the host's class as they will be on the host.
    @Sendable private func files(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let host = try snapshot.host(call["host"])
        return try snapshot.view("hosts/\(host.name)/files", call.format()) {
            .list(
                try snapshot.resolve(host).files.map { file in
                    .map([
                        "path": .string(file.path.rawValue), "mode": .string(file.mode.rawValue),
                        "size": .int(file.bytes.count), "digest": .string(Digest(of: file.bytes).rawValue),
                    ])
                })
        }
    }

    @Sendable private func renderedFile(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let resolved = try snapshot.resolve(try snapshot.host(call["host"]))
        guard let path = TreePath(call["path"]), let file = resolved.files.first(where: { $0.path == path }) else {
            throw UnknownName("file", call["path"], among: resolved.files.map(\.path.rawValue))
        }
        return Answer(View(file.bytes, type: mediaType(of: file.bytes)), of: snapshot.revision)
    }
}

extension ServedSnapshot {
    /// What the machines of a datacenter are, unless they say otherwise themselves.
    fileprivate func platform(of datacenter: DatacenterName) -> Platform? {
        snapshot.repo.datacenters[datacenter]?.platform
    }
}

/// Text is shown as text, whatever its author calls it; anything else is bytes. Nothing is ever a page.
func mediaType(of bytes: [UInt8]) -> String {
    switch FileContents(bytes) {
    case .text: "text/plain; charset=utf-8"
    case .binary: "application/octet-stream"
    }
}

extension EffectiveSetting.Origin {
    /// Where a value was set: the level, the file with its line, and the commit it stands in.
    fileprivate func entries(in host: ResolvedHost, of revision: Revision) -> [(String, Value)] {
        let label = "\(host.release.reference):"
        let isReleased = level == .hostclass
        let file = location.file.hasPrefix(label) ? String(location.file.dropFirst(label.count)) : location.file
        return [
            ("level", .string(level.rawValue)), ("file", .string(file)), ("line", .int(location.line)),
            ("revision", .string((isReleased ? host.release.revision : revision).rawValue)),
        ]
    }
}
