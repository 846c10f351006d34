import Tarball
import Testing

/// Archives that are cut, altered or too long, and archives made to exhaust the reader.
struct DamageTests {
    static let sound = tar([
        .directory("d"), .file("d/a", String(repeating: "some text ", count: 300)), .file("d/b"), .symlink("l", "d/a"),
        .file("x").with(pax: [("path", "d/caf\u{E9}")]), .hardLink("h", "d/b"),
    ])

    enum Compression: String, CaseIterable, Sendable {
        case none, gzip, zstd

        func apply(to bytes: [UInt8]) throws -> [UInt8] {
            switch self {
            case .none: bytes
            case .gzip: try compressed(bytes, by: "gzip")
            case .zstd: try compressed(bytes, by: "zstd", ["-q", "--check"])
            }
        }
    }

    static func scan(_ bytes: [UInt8], policy: TarballPolicy = .strict) throws -> [TarballEntry] {
        var entries: [TarballEntry] = []
        _ = try TarballScan.scan(bytes: bytes, policy: policy) { entries.append($0) }
        return entries
    }

    @Test(arguments: Compression.allCases)
    func readsTheSameFromEveryCompression(_ compression: Compression) throws {
        let entries = try Self.scan(compression.apply(to: Self.sound))
        #expect(entries == (try Self.scan(Self.sound)))
        #expect(entries.map(\.path) == ["d", "d/a", "d/b", "l", "d/caf\u{E9}", "h"])
        #expect(entries[1].size == 3000)
        #expect(entries[5].kind == .hardLink(target: "d/b"))
    }

    @Test(arguments: Compression.allCases)
    func everyShorterArchiveThrows(_ compression: Compression) throws {
        let whole = try compression.apply(to: Self.sound)
        let step = compression == .none ? 61 : 1  // 61 has no factor in common with 512: every kind of place is met
        for length in Array(stride(from: 0, to: whole.count, by: step)) + [whole.count - 1] {
            #expect(throws: TarballError.self, "cut to \(length) of \(whole.count) bytes") {
                try Self.scan(Array(whole.prefix(length)))
            }
        }
    }

    /// libarchive takes an archive without its end for a whole one.
    @Test func anArchiveCutBetweenEntriesIsNoShorterOne() {
        for end in [512, 512 + 512 + 3072, Self.sound.count - 1024, Self.sound.count - 512] {
            #expect(throws: TarballError.truncated) { try Self.scan(Array(Self.sound.prefix(end))) }
        }
    }

    @Test(arguments: [Compression.gzip, .zstd])
    func everyFlippedBitOfACompressedArchiveThrowsOrChangesNothing(_ compression: Compression) throws {
        let whole = try compression.apply(to: Self.sound)
        let expected = try Self.scan(whole)
        for index in whole.indices {
            for bit in 0..<8 {
                var altered = whole
                altered[index] ^= 1 << bit
                // A gzip header has bytes without meaning: the time, the system. All else is under a checksum.
                if let entries = try? Self.scan(altered) {
                    #expect(entries == expected, "byte \(index), bit \(bit)")
                }
            }
        }
    }

    @Test func noFlippedBitOfAPlainArchiveCrashesOrLeavesTheRoot() throws {
        for index in stride(from: 0, to: Self.sound.count, by: 1) {
            var altered = Self.sound
            altered[index] ^= 1 << (index % 8)
            guard let entries = try? Self.scan(altered) else { continue }
            #expect(entries.allSatisfy { !$0.path.isEmpty && !$0.path.hasPrefix("/") && !$0.path.contains("..") })
        }
    }

    @Test(arguments: Compression.allCases)
    func refusesWhatFollowsTheEnd(_ compression: Compression) throws {
        let whole = try compression.apply(to: Self.sound)
        for trailing in [Array("trailing".utf8), [0x1F], [UInt8](repeating: 0x41, count: 512 << 10)] {
            let error = try #require(throws: TarballError.self) { try Self.scan(whole + trailing) }
            if compression == .zstd {
                // libarchive takes them for the beginning of another frame.
                guard case .damaged = error else {
                    Issue.record("\(error)")
                    continue
                }
            } else {
                #expect(error == .trailingData)
            }
        }
        // Behind the end of the tar stream, inside the compression.
        #expect(throws: TarballError.trailingData) {
            try Self.scan(compression.apply(to: Self.sound + tar([.file("second")])))
        }
        #expect(throws: TarballError.trailingData) {
            try Self.scan(compression.apply(to: Self.sound + [UInt8](repeating: 0, count: 2 << 20)))
        }
    }

    @Test(arguments: Compression.allCases)
    func acceptsTheZerosThatTarPadsWith(_ compression: Compression) throws {
        let padded = Self.sound + [UInt8](repeating: 0, count: 10240 - Self.sound.count % 10240)
        #expect(try Self.scan(compression.apply(to: padded)).count == 6)
    }

    @Test func readsSeveralZstdFramesAsOneStreamAndRefusesSeveralGzipMembers() throws {
        let (first, second) = (Array(Self.sound.prefix(1000)), Array(Self.sound.dropFirst(1000)))
        let frames = try compressed(first, by: "zstd", ["-q"]) + compressed(second, by: "zstd", ["-q"])
        #expect(try Self.scan(frames) == Self.scan(Self.sound))
        let members = try compressed(first, by: "gzip") + compressed(second, by: "gzip")
        #expect(throws: TarballError.self) { try Self.scan(members) }
    }

    @Test func refusesOtherAndDoubleCompression() throws {
        for program in ["xz", "bzip2"] {
            #expect(throws: TarballError.self) { try Self.scan(compressed(Self.sound, by: program)) }
        }
        #expect(throws: TarballError.self) {
            try Self.scan(compressed(compressed(Self.sound, by: "gzip"), by: "zstd", ["-q"]))
        }
        #expect(throws: TarballError.self) { try Self.scan(Array("just text\n".utf8)) }
        #expect(throws: TarballError.truncated) { try Self.scan([]) }
    }

    @Test func stopsABombAtTheLimitBeforeReadingIt() throws {
        let zeros = [UInt8](repeating: 0, count: 32 << 20)
        let text = String(decoding: zeros, as: UTF8.self)
        let bomb = try compressed(tar([.file("a", text), .file("b", text)]), by: "zstd", ["-q"])
        var policy = TarballPolicy.strict
        policy.maxUnpackedBytes = 40 << 20
        #expect(throws: TarballError.tooLarge(limit: 40 << 20)) { try Self.scan(bomb, policy: policy) }
        policy.maxEntryBytes = 1 << 20
        #expect(throws: TarballError.entryTooLarge("a", limit: 1 << 20)) { try Self.scan(bomb, policy: policy) }
        let huge: [RawEntry] = [
            .make("a", "0") { $0.size = "77777777777" }, .make("b", "0") { $0.size = "77777777777" },
        ]
        #expect(throws: TarballError.truncated) { try Self.scan(tar(huge)) }
    }

    @Test func boundsEntriesPathsAndDepth() {
        var policy = TarballPolicy.strict
        policy.maxEntries = 3
        #expect(throws: TarballError.tooManyEntries(limit: 3)) {
            try Self.scan(tar([.file("a/b/c"), .file("d")]), policy: policy)
        }
        policy = .strict
        policy.maxPathBytesInAll = 10
        #expect(throws: TarballError.tooManyPathBytes(limit: 10)) {
            try Self.scan(tar([.file("aaaaa"), .symlink("l", "bbbbb")]), policy: policy)
        }
        policy = .strict
        policy.maxDepth = 2
        #expect(throws: TarballError.pathTooDeep("a/b/c", limit: 2)) {
            try Self.scan(tar([.file("a/b/c")]), policy: policy)
        }
        policy = .strict
        policy.maxPathBytes = 4
        #expect(throws: TarballError.pathTooLong("abcde", limit: 4)) {
            try Self.scan(tar([.file("abcde")]), policy: policy)
        }
        #expect(throws: TarballError.pathTooLong("abcde", limit: 4)) {
            try Self.scan(tar([.symlink("l", "abcde")]), policy: policy)
        }
    }
}
