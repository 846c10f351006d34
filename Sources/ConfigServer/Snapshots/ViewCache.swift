internal import Gzip
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
    let body: @Sendable (ContentCoding) throws -> ByteBuffer

    /// Whether compressing it makes sense.
    var isText: Bool { Self.isText(type) }

    /// Whether compressing what is of this type makes sense.
    static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.hasPrefix("application/yaml") || type.hasPrefix("application/json")
            || type.hasPrefix("image/svg")
    }
}

extension ByteBuffer {
    /// Level 5 takes a third of the time that level 9 does, for a text 2% longer.
    private static let level = 5

    /// These bytes, coded.
    func coded(_ coding: ContentCoding) throws -> ByteBuffer {
        switch coding {
        case .identity: self
        case .gzip: ByteBuffer(bytes: try Gzip.compress(Array(readableBytesView), level: Self.level))
        }
    }
}

/// The texts made from one snapshot. Tags are kept for all of them, so that a client that has the newest one is told so
/// without making it again; bytes are kept up to a limit, plain and compressed, so that neither is made twice.
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

    /// What is remembered of a text when its bytes are forgotten.
    struct Known: Sendable {
        let tag: EntityTag
        let type: String
        let bundle: Digest?
        /// How long it is, in bytes, before it is compressed.
        let size: Int
    }

    private struct Coded: Hashable {
        let key: Key
        let coding: ContentCoding
    }

    private let tags = BoundedCache<Key, Known>(limit: 50_000)
    private let bodies: BoundedCache<Coded, ByteBuffer>

    /// - Parameter limit: The most bytes to keep.
    init(limit: Int) { bodies = BoundedCache(limit: limit) }

    /// The text of `key`. The same key must always make the same text.
    func view(
        _ key: Key, type: String, _ make: @escaping @Sendable () throws -> Made
    ) throws -> View {
        if let known = tags[key] {
            return View(tag: known.tag, type: type, bundle: known.bundle) { coding in
                try self.body(of: key, coding) { try self.keep(make(), type, for: key).body }
            }
        }
        let (known, body) = keep(try make(), type, for: key)
        return View(tag: known.tag, type: type, bundle: known.bundle) { coding in
            try self.body(of: key, coding) { body }
        }
    }

    /// What is remembered of `key`, if it was made before.
    func known(_ key: Key) -> Known? { tags[key] }

    /// The bytes of `key`, if they are still held.
    func heldBody(of key: Key, _ coding: ContentCoding) -> ByteBuffer? { bodies[Coded(key: key, coding: coding)] }

    private func body(of key: Key, _ coding: ContentCoding, _ plain: () throws -> ByteBuffer) throws -> ByteBuffer {
        if let held = heldBody(of: key, coding) { return held }
        guard coding != .identity else { return try plain() }
        let coded = try (heldBody(of: key, .identity) ?? plain()).coded(coding)
        bodies.insert(coded, for: Coded(key: key, coding: coding), cost: coded.readableBytes)
        return coded
    }

    private func keep(_ made: Made, _ type: String, for key: Key) -> (known: Known, body: ByteBuffer) {
        let body = ByteBuffer(bytes: made.bytes)
        let known = Known(
            tag: made.tag ?? EntityTag(opaque: Digest(of: made.bytes).hex), type: type, bundle: made.bundle,
            size: made.bytes.count)
        tags[key] = known
        bodies.insert(body, for: Coded(key: key, coding: .identity), cost: made.bytes.count)
        return (known, body)
    }
}
