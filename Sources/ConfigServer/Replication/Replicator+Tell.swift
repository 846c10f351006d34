internal import Logging
internal import RollerCore

extension Replicator {
    func note(_ key: PackageKey) {
        unsaid.insert(StatusShard.index(of: key))
        change.yield()
    }

    /// Tells the others what is here, of the parts where that has changed.
    func tell() async {
        let parts = unsaid
        unsaid = []
        for index in parts {
            let shard = board.shard(index)
            do throws(BucketError) {
                try await bucket.put(status: shard.bytes, StatusShard.name(index), of: board.identity)
            } catch {
                // The next look tries it again.
                unsaid.insert(index)
                logger.debug("status not told", metadata: ["reason": "\(explain(error))"])
            }
        }
    }

    func beat() async {
        do throws(BucketError) {
            try await bucket.put(status: Array("{}".utf8), "seen", of: board.identity)
        } catch {
            logger.debug("status not told", metadata: ["reason": "\(explain(error))"])
        }
    }
}
