import Testing

@testable import S3

@Suite("XML", .timeLimit(.minutes(2)))
struct XMLTests {
    private func read(_ text: String) throws(XMLError) -> XMLElement { try XMLElement(document: Array(text.utf8)) }

    @Test("a document is read with its references, without its attributes and prefixes")
    func document() throws {
        let root = try read(
            """
             \n<?xml version="1.0" encoding="UTF-8"?>
            <s:List xmlns:s="http://x/" a='1>"&lt;'><Key>a&amp;b&lt;&#x41;&#66;&quot;漢</Key><Key/><Key ></Key>
              <Owner><ID> 7 </ID></Owner></s:List>\n
            """)
        #expect(root.name == "List")
        #expect(root.all("Key").map(\.text) == ["a&b<AB\"漢", "", ""])
        #expect(root.all("Owner").first?["ID"] == " 7 ")
    }

    @Test(
        "what is not of the part of XML that S3 speaks is refused",
        arguments: [
            ("", "empty"), ("   ", "empty"), ("hello", "no element"), ("<a>", "cut off"), ("<a><b></a>", "end tag"),
            ("<a></b>", "end tag"), ("</a>", "end tag"), ("<a/><b/>", "more than one"), ("<a/>x", "more than one"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "no name"), ("<a>&b;</a>", "entity"),
            ("<a>&#0;</a>", "reference"),
            ("<a>&#xD800;</a>", "reference"), ("<a>&#x110000;</a>", "reference"), ("<a>&#;</a>", "reference"),
            ("<a>&#65</a>", "reference"), ("<a>&#-1;</a>", "reference"), ("<a><!-- c --></a>", "no name"),
            ("<a><![CDATA[x]]></a>", "no name"), ("<a><?p?></a>", "no name"), ("<a>\u{1}</a>", "control"),
            ("<a>\u{0}</a>", "control"), ("<a>x<b/></a>", "text beside"), ("<a><b/>x</a>", "text beside"),
            ("<a b></a>", "attribute"), ("<a b=c></a>", "quotes"), ("<a b='<'></a>", "attribute"),
            ("<a b='x></a>", "attribute"),
            ("<1/>", "no name"), ("< a/>", "no name"), ("<a", "does not end"), ("<?xml ", "declaration"),
            ("{\"a\": 1}", "no element"), ("<html><body>502<br></body></html>", "text beside"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: XMLError.self) { try read(text) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "read")")
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        #expect(throws: XMLError.self) { try XMLElement(document: Array("<a>".utf8) + [0xff] + Array("</a>".utf8)) }
    }

    @Test("depth, number and size have bounds")
    func bounds() {
        let deep = String(repeating: "<a>", count: 1000)
        #expect(throws: XMLError.self) { try read(deep) }
        let limits = XMLElement.Limits(bytes: 100, depth: 4, elements: 3)
        for text in [
            "<a><b/><b/><b/></a>", "<a>" + String(repeating: "x", count: 100) + "</a>",
            "<a><a><a><a><a/></a></a></a></a>",
        ] {
            #expect(throws: XMLError.self) { try XMLElement(document: Array(text.utf8), limits: limits) }
        }
        #expect(throws: Never.self) { try XMLElement(document: Array("<a><b/><b/></a>".utf8), limits: limits) }
    }

    @Test("no change of bytes, cut or repetition makes the reader trap or run on")
    func mutations() {
        let good = Array(
            "<?xml version='1.0'?><L x='y'><C><K>a&amp;&#x41;</K><S>1</S></C><C><K>b</K></C><T>false</T></L>".utf8)
        var chance = Chance(seed: 1)
        for _ in 0..<30_000 {
            var bytes = good
            for _ in 0...Int.random(in: 0..<4, using: &chance) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &chance)
                switch Int.random(in: 0..<4, using: &chance) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &chance)
                case 1: bytes[at] = Array("<>/&;#'\"=! ?x".utf8).randomElement(using: &chance) ?? 0
                case 2: bytes.removeSubrange(at...)
                default: bytes.insert(contentsOf: bytes[at...].prefix(8), at: at)
                }
            }
            _ = try? XMLElement(document: bytes)  // either will do
        }
        for end in 0..<good.count { #expect(throws: XMLError.self) { try XMLElement(document: Array(good[..<end])) } }
    }
}

/// Chance that comes out the same each time (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
