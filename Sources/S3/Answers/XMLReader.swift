/// Reads a document from its first byte to its last, without recursion.
struct XMLReader {
    private let bytes: [UInt8]
    private var at = 0

    /// `bytes` are valid UTF-8.
    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document(_ limits: XMLElement.Limits) throws(XMLError) -> XMLElement {
        _ = skip("\u{feff}")
        skipSpace()  // servers send spaces to keep a connection alive while they work
        if skip("<?xml") { try skipDeclaration() }
        skipSpace()
        var open: [XMLElement] = []
        var count = 0
        repeat {
            if skip("</") {
                let name = try name()
                skipSpace()
                guard skip(">"), let ended = open.popLast(), ended.name == name else { throw error("a wrong end tag") }
                guard !open.isEmpty else { return try end(ended) }
                open[open.count - 1].children.append(ended)
            } else if skip("<") {
                count += 1
                guard count <= limits.elements, open.count < limits.depth else { throw error("too many elements") }
                guard open.last?.text.allSatisfy(\.isWhitespace) != false else { throw error("text beside elements") }
                if !open.isEmpty { open[open.count - 1].text = "" }
                let (element, isEmpty) = try startTag()
                if !isEmpty {
                    open.append(element)
                } else if open.isEmpty {
                    return try end(element)
                } else {
                    open[open.count - 1].children.append(element)
                }
            } else {
                guard !open.isEmpty else { throw error(at < bytes.count ? "no element" : "the document is empty") }
                let text = try text(until: UInt8(ascii: "<"))
                if open[open.count - 1].children.isEmpty {
                    open[open.count - 1].text += text
                } else if !text.allSatisfy(\.isWhitespace) {
                    throw error("text beside elements")
                }
            }
        } while at < bytes.count
        throw error("the document is cut off")
    }

    /// Nothing but space may follow the outermost element.
    private mutating func end(_ root: XMLElement) throws(XMLError) -> XMLElement {
        skipSpace()
        guard at == bytes.count else { throw error("more than one document") }
        return root
    }
}

extension XMLReader {
    private func error(_ reason: String) -> XMLError { XMLError(reason: reason, offset: at) }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[at...].starts(with: text.utf8) else { return false }
        at += text.utf8.count
        return true
    }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[at]) { at += 1 }
    }

    private mutating func skipDeclaration() throws(XMLError) {
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") {
            if skip("?>") { return }
            at += 1
        }
        throw error("an XML declaration without end")
    }

    /// A name without its prefix.
    private mutating func name() throws(XMLError) -> String {
        let start = at
        while at < bytes.count, Self.isNameByte(bytes[at]) { at += 1 }
        let name = bytes[start..<at]
        guard let first = name.first, first >= UInt8(ascii: "A"), first != UInt8(ascii: ":") else {
            throw error("no name where one belongs")
        }
        return String(decoding: name[(name.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? start)...], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// What follows `<`, up to `>` or `/>`.
    private mutating func startTag() throws(XMLError) -> (XMLElement, isEmpty: Bool) {
        let element = XMLElement(name: try name())
        while true {
            let before = at
            skipSpace()
            if skip("/>") { return (element, true) }
            if skip(">") { return (element, false) }
            guard at > before else { throw error("a tag that does not end") }
            _ = try name()
            skipSpace()
            guard skip("=") else { throw error("an attribute without value") }
            skipSpace()
            guard at < bytes.count, case let quote = bytes[at], quote == 0x22 || quote == 0x27 else {
                throw error("an attribute without quotes")
            }
            at += 1
            guard bytes[at...].firstIndex(of: quote).map({ !bytes[at..<$0].contains(UInt8(ascii: "<")) }) == true else {
                throw error("an attribute that does not end")
            }
            _ = try text(until: quote)
            at += 1
        }
    }

    /// Text with its references resolved, up to `mark` or the end.
    private mutating func text(until mark: UInt8) throws(XMLError) -> String {
        var out: [UInt8] = []
        while at < bytes.count, bytes[at] != mark {
            let byte = bytes[at]
            if byte == UInt8(ascii: "&") {
                out += String(try reference()).utf8
                continue
            }
            guard byte >= 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d else {
                throw error("a control character")
            }
            out.append(byte)
            at += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private mutating func reference() throws(XMLError) -> Unicode.Scalar {
        let known: [(String, Unicode.Scalar)] = [
            ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&apos;", "'"),
        ]
        for (text, scalar) in known where skip(text) { return scalar }
        guard skip("&#") else { throw error("an unknown entity") }
        let radix = skip("x") ? 16 : 10
        let digits = bytes[at...].prefix(9).prefix { $0 != UInt8(ascii: ";") }
        guard !digits.isEmpty, digits.allSatisfy({ $0.hexDigitValue != nil }),
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: radix),
            let scalar = Unicode.Scalar(number), number != 0
        else { throw error("a broken reference") }
        at += digits.count
        guard skip(";") else { throw error("a broken reference") }
        return scalar
    }
}
