internal import HTTPTypes
internal import NIOCore
internal import RollerCore

/// What a route answers, before it is fitted to the request: conditions, compression and HEAD come after.
struct Answer: Sendable {
    /// What is sent.
    enum Content: Sendable {
        /// Text, whole in memory.
        case view(View)
        /// A package's archive, read from the store while it is sent.
        case archive(StoredArchive)
    }

    var status = HTTPResponse.Status.ok
    var content: Content
    /// The commit it was made from, where that is not the one served.
    var revision: Revision?
    /// What the server served when it was made, where that is not what it served when the request came.
    var standing: Standing?
    var headers: HTTPFields = [:]

    /// Text.
    init(_ view: View, of revision: Revision? = nil) {
        content = .view(view)
        self.revision = revision
    }

    /// An archive.
    init(_ archive: StoredArchive) { content = .archive(archive) }

    /// A value that is made for this one answer.
    init(_ value: Value, as format: Format, status: HTTPResponse.Status = .ok) {
        self.init(View(value, as: format))
        self.status = status
    }
}

extension View {
    /// A value in a format.
    init(_ value: Value, as format: Format) { self.init(value.bytes(as: format), type: format.mediaType) }

    /// Bytes as they are.
    init(_ bytes: [UInt8], type: String) {
        let body = ByteBuffer(bytes: bytes)
        self.init(tag: EntityTag(opaque: Digest(of: bytes).hex), type: type, bundle: nil) { try body.coded($0) }
    }
}

extension Value {
    /// This value as text.
    func bytes(as format: Format) -> [UInt8] {
        switch format {
        case .yaml: Array(yaml.utf8)
        case .json: json(pretty: true)
        }
    }
}
