internal import GitRepository
internal import OrderedCollections
internal import RollerCore
internal import Tarball

/// `/v1/hostclasses`: classes as they stand at the commit, or as they were at a release.
struct HostclassRoutes: Sendable {
    let history: History

    var routes: [Route] {
        [
            .get("/v1/hostclasses", taking: ["at", "format"], list),
            .get("/v1/hostclasses/{class}", taking: ["at", "format"], file),
            .get("/v1/hostclasses/{class}/hosts", taking: ["at", "format"], hosts),
            .get("/v1/hostclasses/{class}/files.tar", taking: ["at"], tarball),
            .get("/v1/hostclasses/{class}/releases", taking: ["format"], releases),
        ]
    }

    @Sendable private func list(_ call: Call) async throws -> Answer {
        let snapshot = try await call.snapshot(history)
        return try snapshot.view("hostclasses", call.format()) {
            let hosts = Dictionary(grouping: snapshot.snapshot.repo.hosts.values, by: \.release.hostclass)
            return .list(
                snapshot.snapshot.repo.hostclasses.keys.sorted().map { name in
                    .map(["name": .string(name.rawValue), "hosts": .int(hosts[name]?.count ?? 0)])
                })
        }
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
        guard text.contains("@") else {
            let name = try snapshot.hostclass(text).hostclass.name
            return try snapshot.view("hostclasses/\(name)/hosts", call.format()) {
                snapshot.snapshot.hosts(of: name).asValue
            }
        }
        guard let reference = ReleaseReference(text) else { throw UnknownName("release", text, among: []) }
        // A release that nobody names may still exist; only then is an empty list the truth.
        if snapshot.releaseTargets[reference] == nil { _ = try await history.hostclass(at: reference) }
        return Answer(
            View(
                snapshot.snapshot.hosts(of: reference.hostclass).filter { $0.release == reference }.asValue,
                as: try call.format()), of: snapshot.revision)
    }

    /// The class's files as they are in the repository, templates unrendered, as a tarball.
    @Sendable private func tarball(_ call: Call) async throws -> Answer {
        if let release = try await release(call) {
            let bytes = try classTarball(release.files, of: release.release.reference.hostclass)
            return Answer(View(bytes, type: "application/x-tar"), of: release.release.revision)
        }
        let snapshot = try await call.snapshot(history)
        let name = try snapshot.hostclass(call["class"]).hostclass.name
        let key = ViewCache.Key(name: "hostclasses/\(name)/files.tar", format: nil)
        let view = try snapshot.views.view(key, type: "application/x-tar") {
            ViewCache.Made(bytes: try classTarball(Array(snapshot.files.values), of: name))
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
        return Answer(
            .list(
                found.map { tag, time in
                    .map([
                        "name": .string(tag.name), "commit": .string("\(tag.target)"), "time": .string(time.iso8601),
                        "message": .string(tag.message),
                    ])
                }), as: try call.format())
    }
}

/// The files of a class as a tarball: the same files, the same bytes. Paths are below the class's folder.
private func classTarball(_ files: [RepoFile], of name: HostclassName) throws -> [UInt8] {
    let folder = "files/\(name)/"
    var entries: [String: TarballEntry] = [:]
    var contents: [String: [UInt8]] = [:]
    for file in files where file.path.hasPrefix(folder) && (file.kind == .file || file.kind == .executable) {
        let path = String(file.path.dropFirst(folder.count))
        entries[path] = TarballEntry(
            path: path, kind: .file(size: Int64(file.bytes.count)),
            permissions: file.kind == .executable ? 0o755 : 0o644)
        contents[path] = file.bytes
        for slash in path.indices where path[slash] == "/" {
            let parent = String(path[..<slash])
            entries[parent] = TarballEntry(path: parent, kind: .directory, permissions: 0o755)
        }
    }
    var writer = try TarballWriter.inMemory(compression: .none)
    for (path, entry) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        _ = try writer.add(entry, contents: contents[path] ?? [])
    }
    return try writer.finish().bytes
}
