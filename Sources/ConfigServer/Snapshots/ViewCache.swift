internal import NIOCore
internal import RollerCore

/// A text made from a snapshot, or known by its tag and made when its bytes are asked for.
struct View: Sendable {
    /// What tells it from every other.
    let tag: EntityTag
    /// Its media type, with the character set for text.
    let type: String
    /// The digest of the bundle that it shows, where it shows one.
    let bundle: Digest?
    /// The bytes.
    let body: @Sendable () throws -> ByteBuffer
}

/// The texts made from one snapshot. Tags are kept for all of them, so that a client that has the newest one is told so
/// without making it again; bytes are kept up to a limit.
final class ViewCache: Sendable {
    /// Which text.
    struct Key: Hashable, Sendable {
        /// What it shows: the path, with what else decides it.
        let name: String
        /// The format it is in; nil for what has but one.
        let format: Format?
    }

    /// A text as it was made.
    struct Made: Sendable {
        let bytes: [UInt8]
        /// Nil takes the digest of the bytes.
        var tag: EntityTag?
        var bundle: Digest?
    }

    private struct Known: Sendable {
        let tag: EntityTag
        let bundle: Digest?
    }

    private let tags = BoundedCache<Key, Known>(limit: 50_000)
    private let bodies: BoundedCache<Key, ByteBuffer>

    /// - Parameter limit: The most bytes to keep.
    init(limit: Int) { bodies = BoundedCache(limit: limit) }

    /// The text of `key`. The same key must always make the same text.
    func view(
        _ key: Key, type: String, _ make: @escaping @Sendable () throws -> Made
    ) throws -> View {
        if let known = tags[key] {
            return View(tag: known.tag, type: type, bundle: known.bundle) {
                if let body = self.bodies[key] { return body }
                return self.keep(try make(), for: key).body
            }
        }
        let (known, body) = keep(try make(), for: key)
        return View(tag: known.tag, type: type, bundle: known.bundle) { body }
    }

    private func keep(_ made: Made, for key: Key) -> (known: Known, body: ByteBuffer) {
        let body = ByteBuffer(bytes: made.bytes)
        let known = Known(tag: made.tag ?? EntityTag(opaque: Digest(of: made.bytes).hex), bundle: made.bundle)
        tags[key] = known
        bodies.insert(body, for: key, cost: made.bytes.count)
        return (known, body)
    }
}
