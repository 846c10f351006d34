internal import LinuxSystem
internal import RollerCore
internal import S3
internal import SystemPackage
internal import Transfer

/// The bucket, in terms of packages. Archives come first and manifests last, so that what has a manifest there is whole.
struct PackageBucket: Sendable {
    let layout: BucketLayout
    /// For what may take its time.
    private let bucket: S3Bucket
    /// For looking around, which is soon done again: it gives up early, so that an outage is seen as one.
    private let looker: S3Bucket
    let acceptsUnconditional: Bool

    var name: String { bucket.endpoint.bucket }

    init(_ options: BucketOptions) throws(BucketError) {
        layout = options.layout
        acceptsUnconditional = options.acceptsUnconditional
        var long = options.client
        long.longestWait = .seconds(20)
        var brief = options.client
        brief.retries.attempts = 2
        brief.longestWait = .seconds(2)
        brief.transfer.limits.total = .seconds(10)
        do throws(S3Error) {
            bucket = try S3Bucket(options.endpoint, credentials: options.credentials, options: long)
            looker = try S3Bucket(options.endpoint, credentials: options.credentials, options: brief)
        } catch {
            throw .failed("use the bucket", error)
        }
    }

    /// Finds out whether the bucket is one to publish to.
    func probe() async throws(BucketError) {
        guard !acceptsUnconditional else { return }
        let answer: S3ConditionalPuts
        do throws(S3Error) { answer = try await looker.probeConditionalPuts(prefix: layout.probe) } catch {
            throw .unprobed(error)
        }
        guard answer == .honoured else { throw .ignoresConditions(name) }
    }

    /// Puts an archive there, unless it is there already. Whoever puts it again, goes on where the last try ended.
    func put(archive file: FilePath, _ digest: Digest, size: Int64, record: FilePath) async throws(BucketError) {
        let key = layout.archive(digest)
        do throws(S3Error) {
            if let there = try await head(key), there.size == size, there.sha256 == digest.hex { return }
            try await bucket.put(file: file, as: key, sha256: digest.octets, record: record)
        } catch {
            throw .failed("put an archive into the bucket", error)
        }
    }

    private func head(_ key: String) async throws(S3Error) -> S3ObjectInfo? {
        do throws(S3Error) { return try await bucket.head(key) } catch  where error.reason == .noSuchKey { return nil }
    }

    /// Says that a manifest is about to come.
    func announce(_ key: PackageKey, at milliseconds: Int) async throws(BucketError) {
        do throws(S3Error) {
            try await bucket.put(Array("\(key)\n".utf8), as: layout.announcement(of: key, at: milliseconds))
        } catch {
            throw .failed("announce a package in the bucket", error)
        }
    }

    /// Puts a manifest, which makes the package exist.
    /// - Returns: Nil where these bytes are there now; else those that are there in their place.
    func put(manifest text: [UInt8], of key: PackageKey) async throws(BucketError) -> [UInt8]? {
        do throws(S3Error) {
            // Where conditions are ignored this look is all there is.
            if acceptsUnconditional, let there = try await existing(key) { return there == text ? nil : there }
            try await bucket.put(
                text, as: layout.manifest(key), acceptsUnconditional ? .always : .ifAbsent,
                contentType: "text/plain; charset=utf-8")
            return nil
        } catch  where error.reason == .alreadyExists {
            do throws(S3Error) {
                guard let there = try await existing(key) else { throw error }
                return there == text ? nil : there
            } catch {
                throw .failed("read a manifest from the bucket", error)
            }
        } catch {
            throw .failed("put a manifest into the bucket", error)
        }
    }

    private func existing(_ key: PackageKey) async throws(S3Error) -> [UInt8]? {
        do throws(S3Error) {
            return try await bucket.get(layout.manifest(key), maxBytes: PackageStore.manifestLimit.bytes).bytes
        } catch  where error.reason == .noSuchKey {
            return nil
        }
    }

    /// The manifest of a package; nil where there is none.
    func manifest(of key: PackageKey) async throws(BucketError) -> [UInt8]? {
        do throws(S3Error) { return try await existing(key) } catch {
            throw .failed("read a manifest from the bucket", error)
        }
    }

    /// Downloads an archive, going on from what an earlier try left in `file`, and holds it against its digest.
    func get(
        archive package: PackageRecord, to file: FilePath, progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws(BucketError) {
        do throws(S3Error) {
            _ = try await bucket.get(
                layout.archive(package.archive), to: file, size: package.size.bytes, sha256: package.archive.octets,
                progress: progress)
        } catch {
            throw .failed("get an archive from the bucket", error)
        }
    }

    /// What was announced from a moment on, and the statuses of all servers.
    func look(since milliseconds: Int) async throws(BucketError) -> [S3ObjectInfo] {
        do throws(S3Error) {
            return try await looker.list(prefix: layout.live, after: layout.logStart(since: milliseconds))
        } catch {
            throw .failed("look into the bucket", error)
        }
    }

    /// Every package of the bucket.
    func packages() async throws(BucketError) -> [PackageKey] {
        do throws(S3Error) {
            return try await bucket.list(prefix: layout.manifests, limit: 1_000_000).compactMap {
                layout.package($0.key)
            }
        } catch {
            throw .failed("list the packages in the bucket", error)
        }
    }

    func status(_ key: String) async throws(BucketError) -> [UInt8] {
        do throws(S3Error) { return try await looker.get(key, maxBytes: StatusShard.limit).bytes } catch {
            throw .failed("read a server's status from the bucket", error)
        }
    }

    func put(status bytes: [UInt8], _ name: String, of server: ServerIdentity) async throws(BucketError) {
        do throws(S3Error) {
            try await looker.put(bytes, as: layout.status(of: server, name), contentType: "application/json")
        } catch {
            throw .failed("put this server's status into the bucket", error)
        }
    }

    /// Removes announcements that everybody has seen, one page at a time.
    func sweepLog(before milliseconds: Int) async throws(BucketError) {
        do throws(S3Error) {
            let end = layout.logStart(since: milliseconds)
            for object in try await looker.listPage(prefix: layout.log).objects where object.key < end {
                try await looker.delete(object.key)
            }
        } catch {
            throw .failed("remove old announcements from the bucket", error)
        }
    }
}

extension Digest {
    /// The 32 bytes.
    fileprivate var octets: [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in hex.utf8 {
            let value = digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
