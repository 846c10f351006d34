import Testing

@testable import ConfigServer

/// What headers and targets mean, one value at a time.
struct HTTPValueTests {
    @Test(arguments: [
        ("bytes=0-99", ByteRange.part(0..<100)), ("bytes=0-0", .part(0..<1)), ("bytes=990-", .part(990..<1000)),
        ("bytes=-100", .part(900..<1000)), ("bytes=-5000", .part(0..<1000)), ("bytes=500-5000", .part(500..<1000)),
        ("BYTES=1-2", .part(1..<3)), ("bytes=0-9223372036854775807", .part(0..<1000)),
        ("bytes=0-99999999999999999999999", .part(0..<1000)), ("bytes=-99999999999999999999999", .part(0..<1000)),
        ("bytes=1000-", .unsatisfiable), ("bytes=9223372036854775807-", .unsatisfiable),
        ("bytes=99999999999999999999999-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
        ("bytes=2-1", .whole), ("bytes=0-1,5-6", .whole), ("bytes=a-b", .whole), ("bytes=", .whole),
        ("bytes=-", .whole), ("bytes=--1", .whole), ("lines=0-1", .whole), ("0-1", .whole),
    ])
    func rangesAreReadAsRFC9110SaysOrIgnored(_ header: String, _ expected: ByteRange) {
        #expect(ByteRange(header, of: 1000) == expected)
    }

    @Test(arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
    func nothingCanBeHadOfAnEmptyFile(_ header: String) {
        #expect(ByteRange(header, of: 0) == .unsatisfiable)
    }

    @Test(arguments: [
        ("*", TagCondition.any), (" * ", .any), ("\"a\"", .tags(["a"])), ("W/\"a\"", .tags(["a"])),
        ("\"a\", \"b,c\" ,W/\"d\"", .tags(["a", "b,c", "d"])), ("\"\"", .tags([""])), ("", .tags([])),
    ])
    func listsOfTagsAreRead(_ header: String, _ expected: TagCondition) {
        #expect(TagCondition(header) == expected)
    }

    @Test(arguments: ["a", "\"a", "\"a\" \"b\"", "\"a\", *", "w/\"a\""])
    func whatIsNoListOfTagsIsIgnored(_ header: String) { #expect(TagCondition(header) == nil) }

    @Test(arguments: [
        (nil, Format.yaml), ("*/*", .yaml), ("application/json", .json), ("application/json, */*", .json),
        ("application/json, text/plain, */*", .json), ("application/json;q=0.5, application/yaml", .yaml),
        ("application/yaml;q=0.1, application/json;q=0.2", .json), ("text/html", .yaml), ("application/*", .yaml),
        ("APPLICATION/JSON", .json), ("application/json;q=0", .yaml), ("text/yaml, application/json;q=0.9", .yaml),
    ])
    func acceptChoosesTheFormat(_ header: String?, _ expected: Format) throws {
        #expect(try Format(parameter: nil, accept: header) == expected)
    }

    @Test func theParameterOutranksAccept() throws {
        #expect(try Format(parameter: "yaml", accept: "application/json") == .yaml)
        #expect(throws: RequestError.self) { try Format(parameter: "xml", accept: nil) }
    }

    private static let codings: [(String?, ContentCoding?)] = [
        (nil, .identity), ("", .identity), ("gzip", .gzip), ("gzip;q=0", .identity), ("*", .gzip),
        ("br, gzip;q=0.5", .gzip), ("identity", .identity), ("gzip;q=0, *", .identity), ("GZIP", .gzip),
        ("gzip;q=0.000", .identity), ("gzip;q=x", .identity), ("br", .identity), ("x-gzip", .gzip),
        ("identity;q=1, gzip;q=0.5", .identity), ("identity;q=0.5, gzip", .gzip), ("gzip, identity", .gzip),
        ("identity;q=0, gzip;q=0.1", .gzip), ("identity;q=0", nil), ("*;q=0", nil), ("gzip;q=0, identity;q=0", nil),
        ("*;q=0, gzip", .gzip), ("*;q=0, identity;q=0.1", .identity), ("identity;q=0, *", .gzip),
    ]

    @Test(arguments: codings)
    func gzipIsUsedOnlyWhereItIsWanted(_ header: String?, _ expected: ContentCoding?) {
        #expect(ContentCoding(accepting: header, size: 1 << 20, isText: true) == expected)
    }

    private static let forced: [(String, ContentCoding?)] = [
        ("gzip", .identity), ("gzip, identity;q=0", .gzip), ("identity;q=0", nil),
    ]

    @Test(arguments: forced)
    func whatIsShortOrNoTextIsCompressedOnlyWherePlainBytesAreRefused(_ header: String, _ expected: ContentCoding?) {
        #expect(ContentCoding(accepting: header, size: 100, isText: true) == expected)
        #expect(ContentCoding(accepting: header, size: 1 << 20, isText: false) == expected)
    }

    @Test(arguments: [
        ("/", [String]()), ("/v1/hosts", ["v1", "hosts"]), ("/a//b", ["a", "", "b"]), ("/a/", ["a", ""]),
        ("/libstdc++", ["libstdc++"]), ("/a%20b%C3%A9", ["a bé"]), ("http://x.y:1/a", ["a"]), ("http://x", []),
        ("/../etc", ["..", "etc"]), ("/a%2Fb/c", ["a/b", "c"]),
    ])
    func pathsAreDecodedOnce(_ text: String, _ expected: [String]) throws {
        #expect(try RequestTarget(text).components == expected)
    }

    @Test(arguments: [
        "", "*", "hosts", "/a%00", "/a%0a", "/a%7f", "/a%", "/a%4", "/a%zz", "/%ff", "/%c0%af",
        "/?a=1&a=2", "/?%00=1", "/" + String(repeating: "a", count: 5000),
    ])
    func whatCannotBeAPathIsRefused(_ text: String) {
        #expect(throws: RequestError.self) { try RequestTarget(text) }
    }

    @Test func queriesAreDecodedAndMayHoldSlashes() throws {
        let target = try RequestTarget("/x?at=feature%2Fa%7E1&format=json&empty")
        #expect(target.query == ["at": "feature/a~1", "format": "json", "empty": ""])
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT", "2000-02-29T12:34:56Z"),
        (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT", "2099-12-31T23:59:59Z"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT", "1969-12-31T23:59:59Z"),
    ])
    func timesAreWrittenAsHTTPAndPeopleDo(_ seconds: Int, _ http: String, _ iso: String) {
        #expect(UTCTime(seconds: seconds).httpDate == http)
        #expect(UTCTime(seconds: seconds).iso8601 == iso)
    }

    @Test(arguments: [
        ("127.0.0.1:8080", true), ("127.9.9.9:0", true), ("[::1]:8080", true), ("localhost:80", true),
        ("0.0.0.0:8080", false), ("[::]:8080", false), ("10.0.0.1:80", false), ("example.com:80", false),
        ("127.example.com:80", false), ("127.0.0.1.example.com:80", false),
    ])
    func onlyLoopbackCountsAsThisMachine(_ text: String, _ expected: Bool) throws {
        #expect(try #require(ListenAddress(text)).isLoopback == expected)
    }

    @Test(arguments: ["", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", ":80", "::1:80", "127.0.0.1:65536"])
    func whatIsNoAddressIsRefused(_ text: String) { #expect(ListenAddress(text) == nil) }

    @Test func aCacheKeepsWhatIsAskedForAndForgetsTheRest() {
        let cache = BoundedCache<Int, Int>(limit: 10)
        for key in 0..<100 {
            cache[key] = key
            #expect(cache[0] == 0, "lost after \(key)")
        }
        #expect((1..<90).allSatisfy { cache[$0] == nil })
        cache.insert(1, for: 1000, cost: 6)
        #expect(cache[1000] == nil, "larger than half of the cache")
    }
}
