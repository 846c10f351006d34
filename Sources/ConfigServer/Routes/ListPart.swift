internal import HTTPTypes
internal import RollerCore

/// Which part of a list is asked for: `limit` entries of those whose names come after `after`.
struct ListPart: Sendable {
    let limit: Int?
    let after: String?

    /// The parameters of the query that ask for it.
    static let parameters: Set<String> = ["limit", "after"]
    /// The most entries of one page. The whole list, without `limit`, has all of them.
    static let limits = 1...1000

    init(_ call: Call) throws(RequestError) {
        limit = try call.number("limit", in: Self.limits)
        after = call.query["after"]
        if let after, after.utf8.count > Self.longestName || !after.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) {
            throw .badParameter("after", after, rule: "the last name of the list so far, as in the header Link")
        }
    }

    /// As long as a name may be, in bytes.
    static let longestName = 253

    /// Whether a part is asked for.
    var isPartial: Bool { limit != nil || after != nil }

    /// The part of `items`, which are sorted by name, and the name to go on from where more follow.
    func part<Item>(of items: [Item], name: (Item) -> String) -> (part: ArraySlice<Item>, next: String?) {
        var first = 0
        if let after {
            var end = items.count
            while first < end {
                let middle = (first + end) / 2
                if name(items[middle]) > after { end = middle } else { first = middle + 1 }
            }
        }
        let end = limit.map { min(items.count, first + $0) } ?? items.count
        let part = items[first..<end]
        return (part, end < items.count ? part.last.map(name) : nil)
    }
}

extension Call {
    /// A parameter that is a whole number.
    func number(_ name: String, in range: ClosedRange<Int>) throws(RequestError) -> Int? {
        guard let text = query[name] else { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(text),
            range.contains(number)
        else { throw .badParameter(name, text, rule: "a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// A list, or the part of it that is asked for, with how many entries it has in all and where it goes on.
    /// - Parameters:
    ///   - items: All of them, sorted by name.
    ///   - path: The path of the list, for the link to its next part.
    ///   - snapshot: Keeps the text of the whole list, under `key`.
    func list<Item: Sendable>(
        _ items: [Item], path: String, of snapshot: ServedSnapshot? = nil, as key: String? = nil,
        name: (Item) -> String, value: @escaping @Sendable (Item) -> Value
    ) throws -> Answer {
        let paging = try ListPart(self)
        let format = try format()
        var answer: Answer
        var next: String?
        if !paging.isPartial, let snapshot, let key {
            answer = try snapshot.view(key, format) { .list(items.map(value)) }
        } else {
            let page = paging.part(of: items, name: name)
            answer = Answer(View(.list(page.part.map(value)), as: format), of: snapshot?.revision)
            next = page.next
        }
        answer.headers[.rollerTotalCount] = "\(items.count)"
        if let next { answer.headers[.link] = link(path, after: next) }
        return answer
    }

    /// The link to the next part of a list: the same question, further on (RFC 8288).
    func link(_ path: String, after: String) -> String {
        var query = self.query
        query["after"] = after
        let parameters = query.sorted { $0.key < $1.key }.map { "\(encoded($0.key))=\(encoded($0.value))" }
        return "<\(path)?\(parameters.joined(separator: "&"))>; rel=\"next\""
    }
}

/// `text` as a part of an address (RFC 3986, section 2.3).
func encoded(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            out.unicodeScalars.append(Unicode.Scalar(byte))
        default: out += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }
    }
    return out
}

extension HTTPField.Name {
    /// How many entries a list has in all.
    static let rollerTotalCount = known("Roller-Total-Count")
    /// Where a list goes on.
    static let link = known("Link")

    private static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("not a header's name: \(text)") }
        return name
    }
}
