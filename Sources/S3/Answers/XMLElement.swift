/// An element of an answer of S3: a name, and either text or further elements.
struct XMLElement: Hashable {
    /// Without prefix or namespace.
    var name: String
    /// The text of an element without children.
    var text = ""
    var children: [XMLElement] = []

    /// The text of the first child called `name`.
    subscript(_ name: String) -> String? { children.first { $0.name == name }?.text }

    /// All children called `name`.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// Why an answer is not read.
struct XMLError: Error, Hashable, CustomStringConvertible {
    var reason: String
    /// Offset of the byte at which it shows.
    var offset: Int

    var description: String { "\(reason), at byte \(offset)" }
}

extension XMLElement {
    /// What is read at most.
    struct Limits {
        var bytes = 8 << 20
        var depth = 16
        var elements = 100_000
    }

    /// Reads a whole document.
    ///
    /// S3's answers are flat records in a small part of XML, and that part is all that is read: elements, attributes
    /// (which say nothing and are dropped), text, the five named and the numeric references. Document types, and so
    /// entities, are refused, as are comments, CDATA, further processing instructions and text beside elements.
    init(document: [UInt8], limits: Limits = Limits()) throws(XMLError) {
        guard document.count <= limits.bytes else {
            throw XMLError(reason: "the document has more than \(limits.bytes) bytes", offset: limits.bytes)
        }
        guard String(validating: document, as: UTF8.self) != nil else {
            throw XMLError(reason: "the document is not UTF-8", offset: 0)
        }
        var reader = XMLReader(bytes: document)
        self = try reader.document(limits)
    }
}
