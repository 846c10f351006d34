internal import HTTPTypes
internal import NIOCore
internal import NIOPosix
internal import OrderedCollections
internal import RollerCore

/// `/v1/packages`: what there is, to be fetched, and new ones to be published.
///
/// A package is published in two steps: its archive first, under its digest, then its manifest, which makes the package.
struct PackageRoutes: Sendable {
    let store: PackageStore
    let tokens: LiveTokens
    /// As large as an archive may be.
    let archiveLimit: ByteCount
    /// Where archives are read through: long work, on threads that nothing else waits for.
    let checkers: NIOThreadPool
    /// What shares them with other servers; nil where the store is all there is.
    var replicator: Replicator?

    var routes: [Route] {
        let package = "/v1/packages/{name}/{version}/{platform}"
        return [
            .get("/v1/packages", taking: ListPart.parameters.union(["format"]), list),
            .get("/v1/packages/{name}", taking: ListPart.parameters.union(["format"]), versions),
            .get(package, manifest),
            .get("\(package)/manifest", manifest),
            .get("\(package)/archive", archive),
            .put("\(package)/archive", check: checkArchive, receive: receiveArchive),
            .put("\(package)/manifest", check: checkManifest, receive: receiveManifest),
        ]
    }

    @Sendable private func list(_ call: Call) async throws -> Answer {
        let names = try await waitingForDisk { try store.names() }
        return try call.list(names, path: "/v1/packages", name: \.rawValue) { .string($0.rawValue) }
    }

    @Sendable private func versions(_ call: Call) async throws -> Answer {
        let text = call["name"]
        let found = try await waitingForDisk {
            let versions = try PackageName(text).map { try store.versions(of: $0) } ?? []
            guard versions.isEmpty else { return versions }
            throw UnknownName("package", text, among: try store.names().map(\.rawValue))
        }
        return try call.list(found, path: "/v1/packages/\(text)", name: \.version.rawValue) { version, platforms in
            .map([
                "version": .string(version.rawValue), "platforms": .list(platforms.map { .string($0.rawValue) }),
            ])
        }
    }

    @Sendable private func manifest(_ call: Call) async throws -> Answer {
        let key = try key(call)
        guard let text = try await waitingForDisk({ try store.manifest(of: key) }) else {
            throw try await absence(of: key, call)
        }
        var answer = Answer(View(text, type: "text/plain; charset=utf-8"))
        answer.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return answer
    }

    @Sendable private func archive(_ call: Call) async throws -> Answer {
        let key = try key(call)
        guard let archive = try await waitingForDisk({ try store.archive(of: key) }) else {
            throw try await absence(of: key, call)
        }
        return Answer(archive)
    }

    /// Why a package is not there: hosts wait for it, or nobody knows it.
    private func absence(of key: PackageKey, _ call: Call) async throws -> StoreError {
        if await replicator?.want(key) ?? false { return .replicating(key) }
        if call.standing.served?.lockedPackages.contains(key) ?? false { return .replicating(key) }
        let near = try await waitingForDisk {
            try store.versions(of: key.name).flatMap { version, platforms in
                platforms.map { "\(key.name)/\(version)/\($0)" }
            }
        }
        return .missing(key, near: near)
    }

    /// The package that the path names; a name that cannot be one is not there.
    private func key(_ call: Call) throws -> PackageKey {
        guard let name = PackageName(call["name"]), let version = PackageVersion(call["version"]),
            let platform = Platform(call["platform"])
        else {
            throw UnknownName("package", "\(call["name"])/\(call["version"])/\(call["platform"])", among: [])
        }
        return PackageKey(name: name, version: version, platform: platform)
    }
}

extension PackageRoutes {
    /// The name of a package that is to be published.
    private func newKey(_ call: Call) throws -> PackageKey {
        guard let name = PackageName(call["name"]) else {
            throw RequestError.badTarget(call["name"], why: "a package's name is \(PackageName.rule)")
        }
        guard let version = PackageVersion(call["version"]) else {
            throw RequestError.badTarget(call["version"], why: "a version is \(PackageVersion.rule)")
        }
        guard let platform = Platform(call["platform"]) else {
            throw RequestError.badTarget(call["platform"], why: "a platform is \(Platform.rule)")
        }
        return PackageKey(name: name, version: version, platform: platform)
    }

    private func announcedDigest(_ call: Call) throws(RequestError) -> Digest {
        guard let text = call.headers[.rollerDigest] else {
            throw .missingHeader("Roller-Digest", hint: "send `Roller-Digest: sha256:HEX` of the archive")
        }
        guard let digest = Digest(text.trimmed) else { throw .badHeader("Roller-Digest", text, rule: Digest.rule) }
        return digest
    }

    private func checkLength(_ call: Call, limit: ByteCount) throws(RequestError) {
        guard let text = call.headers[.contentLength] else { return }
        guard let length = Int64(text), length <= limit.bytes else { throw .bodyTooLarge(limit: limit) }
    }

    @Sendable private func checkArchive(_ call: Call) async throws -> Answer? {
        try tokens.check(call.headers[.authorization], for: .publish)
        let key = try newKey(call)
        let announced = try announcedDigest(call)
        try checkLength(call, limit: archiveLimit)
        guard let existing = try await waitingForDisk({ try store.record(of: key) }) else { return nil }
        guard existing.archive == announced else {
            throw StoreError.conflict(
                key, existing: existing.asValue, offered: .map(["archive": .string(announced.rawValue)]))
        }
        // A damaged archive is mended by sending it again.
        guard try await checkers.runIfActive({ try store.isWhole(key, existing) }) else { return nil }
        return answer(to: .unchanged, key, existing.archive, try call.format())
    }

    @Sendable private func receiveArchive(_ call: Call, _ body: InboundBody) async throws -> Answer {
        let key = try newKey(call)
        let announced = try announcedDigest(call)
        let receiver = try await waitingForDisk { try ArchiveReceiver(into: store) }
        var gathered: [UInt8] = []
        try await body.read(limit: archiveLimit) { piece in
            gathered.append(contentsOf: piece.readableBytesView)
            guard gathered.count >= 256 << 10 else { return }
            let bytes = gathered
            gathered.removeAll(keepingCapacity: false)
            try await waitingForDisk { try receiver.write(bytes) }
        }
        let rest = gathered
        try await waitingForDisk {
            try receiver.write(rest)
            try receiver.finish(as: announced)
            if try store.record(of: key)?.archive == announced { try store.mend(key, with: announced) }
        }
        await replicator?.expect(announced)
        return answer(to: .made, key, announced, try call.format())
    }

    @Sendable private func checkManifest(_ call: Call) async throws -> Answer? {
        try tokens.check(call.headers[.authorization], for: .publish)
        _ = try newKey(call)
        try checkLength(call, limit: PackageStore.manifestLimit)
        return nil
    }

    @Sendable private func receiveManifest(_ call: Call, _ body: InboundBody) async throws -> Answer {
        let key = try newKey(call)
        let text = try await body.collect(limit: PackageStore.manifestLimit)
        let published = try await publish(key, text)
        return answer(to: published, key, Digest(of: text), try call.format())
    }

    /// With a bucket, the name is the bucket's to give: a package is shown here once it is there.
    private func publish(_ key: PackageKey, _ text: [UInt8]) async throws -> PackageStore.Published {
        guard let replicator else { return try await checkers.runIfActive { try store.publish(key, manifest: text) } }
        switch try await checkers.runIfActive({ try store.stage(key, manifest: text) }) {
        case .there: return .unchanged
        case .staged(let package): return try await replicator.share(package)
        }
    }

    private func answer(
        to published: PackageStore.Published, _ key: PackageKey, _ digest: Digest, _ format: Format
    ) -> Answer {
        let value = Value.map(["package": .string(key.description), "digest": .string(digest.rawValue)])
        return Answer(value, as: format, status: published == .made ? .created : .ok)
    }
}
