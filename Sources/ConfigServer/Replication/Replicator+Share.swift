internal import LinuxSystem
internal import Logging
internal import NIOPosix
internal import RollerCore
internal import SystemPackage

extension Replicator {
    /// A package on its way to the bucket.
    struct Share: Sendable {
        var outcome: Result<PackageStore.Published, any Error>?
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        /// How many waited so far.
        var count = 0
    }

    /// How long a publisher waits before it is told to ask again.
    private static let patience = Duration.seconds(30)

    /// Gives a package to the bucket and then shows it here: archive, announcement, manifest, and the store's own rename.
    /// Whoever asks twice, or goes away and comes back, joins what is under way.
    /// - Throws: `BucketError.onItsWay` when it takes longer than a request should; it goes on all the same.
    func share(_ package: StagedPackage) async throws -> PackageStore.Published {
        let key = package.key
        if shares[key] == nil {
            shares[key] = Share()
            Task {
                let outcome: Result<PackageStore.Published, any Error>
                do { outcome = .success(try await self.give(package)) } catch { outcome = .failure(error) }
                self.finish(key, outcome)
            }
        }
        await wait(for: key)
        guard let outcome = shares[key]?.outcome else { throw BucketError.onItsWay(key) }
        if shares[key]?.waiting.isEmpty ?? false { shares[key] = nil }
        let published = try outcome.get()
        // Of several who joined, some may have had other bytes.
        if let there = try store.record(of: key) { try store.compare(key, there, package.record) }
        return published
    }

    private func finish(_ key: PackageKey, _ outcome: Result<PackageStore.Published, any Error>) {
        guard var share = shares[key] else { return }
        share.outcome = outcome
        let waiting = share.waiting.values
        share.waiting = [:]
        // Nobody waits: nobody would take the outcome away either.
        shares[key] = waiting.isEmpty ? nil : share
        for continuation in waiting { continuation.resume() }
    }

    private func wait(for key: PackageKey) async {
        guard let share = shares[key], share.outcome == nil else { return }
        let number = share.count
        shares[key]?.count += 1
        let limit = Task {
            do { try await Task.sleep(for: Self.patience) } catch { return }  // it has ended before
            self.giveUp(key, number)
        }
        await withCheckedContinuation { shares[key]?.waiting[number] = $0 }
        limit.cancel()
    }

    private func giveUp(_ key: PackageKey, _ number: Int) {
        shares[key]?.waiting.removeValue(forKey: number)?.resume()
    }

    private func give(_ package: StagedPackage) async throws -> PackageStore.Published {
        try await probe()
        let key = package.key
        let time = UTCTime.nowMilliseconds
        try await push(package.record.archive, package.archive, size: package.record.size.bytes)
        try await bucket.announce(key, at: time)
        if let there = try await bucket.put(manifest: package.text, of: key) {
            let other = try PackageRecord(manifest: there, of: key)
            throw StoreError.conflict(key, existing: other.asValue, offered: package.record.asValue)
        }
        let store = store
        let published = try await checkers.runIfActive { try store.show(package) }
        arrived(key, announcedAt: time)
        return published
    }

    /// Begins to send an archive that was just received: its manifest is sure to follow.
    func expect(_ archive: Digest) {
        guard pushes[archive] == nil else { return }
        let name = "\(PackageStore.receivingPrefix)\(PackageStore.uniqueName())"
        let size: Int64
        do throws(FileError) {
            // A name of its own: the other goes once the package is shown.
            try store.pending.link(archive.hex, to: name, in: store.pending)
            size = try store.pending.status(of: name)?.size ?? 0
        } catch {
            return  // the manifest brings it there as well
        }
        let path = store.pending.path.appending(name)
        Task {
            try? await self.push(archive, path, size: size)  // the manifest tries it again, and says why it fails
            try? self.store.pending.remove(name)
        }
    }

    /// Puts an archive into the bucket: once, however many ask.
    private func push(_ archive: Digest, _ file: FilePath, size: Int64) async throws(BucketError) {
        let task: Task<Result<Void, BucketError>, Never>
        if let running = pushes[archive] {
            task = running
        } else {
            let bucket = bucket
            let note = store.pending.path.appending("\(PackageStore.fetchingPrefix)\(archive.hex).parts")
            task = Task { () -> Result<Void, BucketError> in
                do throws(BucketError) {
                    try await bucket.put(archive: file, archive, size: size, record: note)
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            pushes[archive] = task
        }
        let outcome = await task.value
        pushes[archive] = nil
        try outcome.get()
    }

    /// Gives the bucket a package that only this server has, as one that was here before there was a bucket.
    func adopt(_ key: PackageKey) async {
        do {
            guard let record = try store.record(of: key), let text = try store.manifest(of: key) else { return }
            try await probe()
            let file = store.root.path.appending("\(PackageStore.place(key))/archive")
            try await push(record.archive, file, size: record.size.bytes)
            try await bucket.announce(key, at: UTCTime.nowMilliseconds)
            if try await bucket.put(manifest: text, of: key) != nil {
                logger.error("other bytes in the bucket", metadata: ["package": "\(key)"])
            } else {
                logger.info("package given to the bucket", metadata: ["package": "\(key)"])
            }
        } catch {
            logger.warning(
                "package not given to the bucket", metadata: ["package": "\(key)", "reason": "\(explain(error))"])
        }
    }
}
