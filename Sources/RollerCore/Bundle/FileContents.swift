internal import FoundationEssentials

/// The contents of a file, as text where they are text, so that a person who reads a bundle can read them.
public enum FileContents: Hashable, Sendable {
    case text(String)
    case binary([UInt8])

    /// The contents of a file of these bytes.
    public init(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) {
            self = .text(text)
        } else {
            self = .binary(bytes)
        }
    }

    /// The bytes of the file.
    public var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        }
    }
}

extension FileContents: Codable {
    private enum Key: String, CodingKey { case text, base64 }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            self = .text(text)
            return
        }
        let encoded = try container.decode(String.self, forKey: .base64)
        guard let data = Data(base64Encoded: encoded) else {
            throw DecodingError.dataCorruptedError(forKey: .base64, in: container, debugDescription: "not base64")
        }
        self = .binary([UInt8](data))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .text(let text): try container.encode(text, forKey: .text)
        case .binary(let bytes): try container.encode(Data(bytes).base64EncodedString(), forKey: .base64)
        }
    }
}
