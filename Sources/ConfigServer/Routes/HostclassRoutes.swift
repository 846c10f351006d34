internal import GitRepository
internal import OrderedCollections
internal import RollerCore

/// `/v1/hostclasses`: classes as they stand at the commit, or as they were at a release.
struct HostclassRoutes: Sendable {
    let history: History
    let indexes: SnapshotIndexes

    var routes: [Route] {
        [
            .get("/v1/hostclasses", taking: ListPart.parameters.union(["at", "format"]), list),
            .get("/v1/hostclasses/{class}", taking: ["at", "format"], file),
            .get("/v1/hostclasses/{class}/hosts", taking: ListPart.parameters.union(["at", "format"]), hosts),
            .get("/v1/hostclasses/{class}/files.tar", taking: ["at"], tarball),
            .get("/v1/hostclasses/{class}/releases", taking: ListPart.parameters.union(["format"]), releases),
        ]
    }

    @Sendable private func list(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        let hosts = indexes.of(snapshot).hosts.byHostclass
        return try call.list(
            snapshot.snapshot.repo.hostclasses.keys.sorted(), path: "/v1/hostclasses", of: snapshot, as: "hostclasses",
            name: \.rawValue
        ) { .map(["name": .string($0.rawValue), "hosts": .int(hosts[$0]?.count ?? 0)]) }
    }

    /// The release that the path names, as in `web@2026.11.22-1`; nil where it names a class alone.
    private func release(_ call: Call) async throws -> HostclassAtRelease? {
        let text = call["class"]
        guard text.contains("@") else { return nil }
        guard let reference = ReleaseReference(text) else { throw UnknownName("release", text, among: []) }
        guard call.query["at"] == nil else {
            throw RequestError.badParameter(
                "at", call.query["at"] ?? "", rule: "it without a release: that has a commit of its own")
        }
        return try await history.hostclass(at: reference)
    }

    @Sendable private func file(_ call: Call) async throws -> Answer {
        if let release = try await release(call) {
            let path = "hostclasses/\(release.release.reference.hostclass).yml"
            let format = try call.format()
            guard format == .yaml, let file = release.files.first(where: { $0.path == path }) else {
                return Answer(
                    View(release.release.tree.hostclass.asValue, as: format), of: release.release.revision)
            }
            return Answer(View(file.bytes, type: format.mediaType), of: release.release.revision)
        }
        let snapshot = try await call.snapshot(history)
        let hostclass = try snapshot.hostclass(call["class"]).hostclass
        return try snapshot.view(file: "hostclasses/\(hostclass.name).yml", call.format()) { hostclass.asValue }
    }

    /// The hosts of the class, or those of one release of it.
    @Sendable private func hosts(_ call: Call) async throws -> Answer {
        let text = call["class"]
        let snapshot = try await call.snapshot(history)
        let index = indexes.of(snapshot)
        let names: [HostName]
        if text.contains("@") {
            guard let reference = ReleaseReference(text) else { throw UnknownName("release", text, among: []) }
            // A release that nobody names may still exist; only then is an empty list the truth.
            if snapshot.releaseTargets[reference] == nil { _ = try await history.hostclass(at: reference) }
            names = index.hosts.byRelease[reference] ?? []
        } else {
            names = index.hosts.byHostclass[try snapshot.hostclass(text).hostclass.name] ?? []
        }
        return try call.list(
            index.hosts(names), path: "/v1/hostclasses/\(text)/hosts", of: snapshot, name: \.name.rawValue,
            value: \.summary)
    }

    /// The class's files as they are in the repository, templates unrendered, as a tarball.
    @Sendable private func tarball(_ call: Call) async throws -> Answer {
        if let release = try await release(call) {
            let bytes = try folderTarball(release.files, below: "files/\(release.release.reference.hostclass)/")
            return Answer(View(bytes, type: "application/x-tar"), of: release.release.revision)
        }
        let snapshot = try await call.snapshot(history)
        let name = try snapshot.hostclass(call["class"]).hostclass.name
        let key = ViewCache.Key(name: "hostclasses/\(name)/files.tar", format: nil)
        let view = try snapshot.views.view(key, type: "application/x-tar") {
            ViewCache.Made(bytes: try folderTarball(snapshot.files.values, below: "files/\(name)/"))
        }
        return Answer(view, of: snapshot.revision)
    }

    /// The releases of the class there are now, in byte order of their names.
    @Sendable private func releases(_ call: Call) async throws -> Answer {
        let text = call["class"]
        guard let name = HostclassName(text) else { throw UnknownName("hostclass", text, among: []) }
        let found = try await history.releases(of: name)
        // A class that is gone from the newest commit may still have releases.
        if found.isEmpty { _ = try call.served().hostclass(text) }
        return try call.list(found, path: "/v1/hostclasses/\(name)/releases", name: \.tag.name) { tag, time in
            .map([
                "name": .string(tag.name), "commit": .string("\(tag.target)"), "time": .string(time.iso8601),
                "message": .string(tag.message),
            ])
        }
    }
}
