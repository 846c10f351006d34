internal import FoundationEssentials

extension Bundle {
    /// The one text of this bundle: JSON with sorted keys. Its digest is the bundle's digest, and its ETag.
    public var json: [UInt8] { canonicalJSON(self) }

    /// Reads a bundle. Its bytes were checked against a digest or came over a trusted channel; what they say is checked
    /// here all the same.
    public static func read(_ json: [UInt8]) throws(BundleError) -> Bundle {
        let bundle = try decode(json)
        guard bundle.format == 1 else { throw .unknownFormat(bundle.format) }
        guard case .map = bundle.settings else { throw .malformed("the settings are no map") }
        return bundle
    }

    private static func decode(_ json: [UInt8]) throws(BundleError) -> Bundle {
        do {
            return try JSONDecoder().decode(Bundle.self, from: Data(json))
        } catch {
            throw .malformed(describeDecoding(error))
        }
    }
}

/// Why a bundle cannot be used.
public enum BundleError: RollerError, Hashable {
    /// The bytes are no bundle.
    case malformed(String)
    /// The bundle is of a format that this program does not know.
    case unknownFormat(Int)

    public var message: String {
        switch self {
        case .malformed(let why): "cannot read the bundle: \(why)"
        case .unknownFormat(let format): "the bundle has format \(format), and this program reads format 1"
        }
    }

    public var hint: String? {
        switch self {
        case .malformed: "check that the address is a config server's; `curl` it to see what answers"
        case .unknownFormat: "upgrade roll"
        }
    }
}

/// `value` as JSON with sorted keys and no white space: the same value, the same bytes.
public func canonicalJSON(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return [UInt8](try encoder.encode(value))
    } catch {
        preconditionFailure("a value of ours cannot be coded: \(error)")  // no fractions and no throwing encoders here
    }
}

/// `json` read as `type`.
/// - Throws: `DecodingError`; `describeDecoding` makes a sentence of it.
public func readJSON<T: Decodable>(_ json: [UInt8], as type: T.Type) throws -> T {
    try JSONDecoder().decode(type, from: Data(json))
}

/// What a decoding error says, in one line: the path of keys, and why.
public func describeDecoding(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "it is not JSON" }
    let (context, what): (DecodingError.Context, String) =
        switch error {
        case .typeMismatch(let type, let context): (context, "not \(type)")
        case .valueNotFound(let type, let context): (context, "no value where \(type) is needed")
        case .keyNotFound(let key, let context): (context, "the key '\(key.stringValue)' is missing")
        case .dataCorrupted(let context): (context, context.debugDescription)
        @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
        }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? what : "at \(path): \(what)"
}
