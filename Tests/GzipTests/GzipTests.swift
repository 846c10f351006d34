import Glibc
import Gzip
import Testing

struct GzipTests {
    @Test(arguments: [0, 1, 17, 64 << 10, (64 << 10) + 1, 1 << 20], [0, 1, 6, 9])
    func whatIsCompressedComesBack(_ count: Int, _ level: Int) throws {
        for bytes in [noise(count), [UInt8](repeating: 7, count: count)] {
            let packed = try Gzip.compress(bytes, level: level)
            #expect(try Gzip.decompress(packed, limit: count) == bytes)
        }
    }

    @Test func theHeaderHoldsNoTimeAndNoName() throws {
        let packed = try Gzip.compress(Array("hello".utf8))
        #expect(packed.prefix(10) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
        #expect(try Gzip.compress(Array("hello".utf8)) == packed)
    }

    @Test(arguments: [0, 5, 300_000])
    func theGzipCommandReadsWhatIsCompressed(_ count: Int) throws {
        let bytes = noise(count)
        #expect(try gzip("-dc", try Gzip.compress(bytes)) == bytes)
    }

    @Test(arguments: ["-c", "-1c", "-9c"])
    func whatTheGzipCommandCompressesIsRead(_ option: String) throws {
        let bytes = noise(300_000)
        #expect(try Gzip.decompress(try gzip(option, bytes), limit: bytes.count) == bytes)
    }

    @Test func membersOneAfterTheOtherAreOneText() throws {
        let packed = try Gzip.compress([1, 2]) + Gzip.compress([]) + Gzip.compress([3])
        #expect(try Gzip.decompress(packed, limit: 3) == [1, 2, 3])
        #expect(throws: GzipError.tooLarge(limit: 2)) { try Gzip.decompress(packed, limit: 2) }
    }

    @Test func aBombStopsAtTheLimit() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 64 << 20), level: 9)
        #expect(bomb.count < 100_000)
        #expect(throws: GzipError.tooLarge(limit: 1000)) { try Gzip.decompress(bomb, limit: 1000) }
    }

    @Test func everyTruncationIsNoticed() throws {
        let packed = try Gzip.compress(noise(100))
        for count in 0..<packed.count {
            #expect(throws: GzipError.truncated, "\(count) bytes") {
                try Gzip.decompress(Array(packed.prefix(count)), limit: 1000)
            }
        }
    }

    @Test(arguments: [[0], [0, 0, 0], [0x1F], Array("trailing".utf8)])
    func whatFollowsTheLastMemberIsNoticed(_ rest: [UInt8]) throws {
        let packed = try Gzip.compress([1, 2, 3])
        #expect(throws: GzipError.trailingBytes(rest.count)) { try Gzip.decompress(packed + rest, limit: 1000) }
    }

    /// Bits that mean nothing may change: the header's time, flags and system, and what fills up the last byte.
    @Test func noAlteredByteYieldsOtherContents() throws {
        let bytes = noise(200)
        let packed = try Gzip.compress(bytes)
        var refused = 0
        for index in packed.indices {
            var altered = packed
            altered[index] ^= 0x20
            do throws(GzipError) {
                #expect(try Gzip.decompress(altered, limit: 1000) == bytes, "byte \(index)")
            } catch { refused += 1 }
        }
        #expect(refused >= packed.count - 8)
    }

    @Test(arguments: [-1, 10])
    func levelsHaveBounds(_ level: Int) {
        #expect(throws: GzipError.invalidLevel(level)) { try Gzip.compress([], level: level) }
    }

    /// The same bytes each time, half of which compress.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            return index / 64 % 2 == 0 ? UInt8(truncatingIfNeeded: state >> 24) : 65
        }
    }

    /// What the gzip command makes of `input`, through files that are gone afterwards.
    private func gzip(_ option: String, _ input: [UInt8]) throws -> [UInt8] {
        let (source, result) = (try temporaryFile(), try temporaryFile())
        defer {
            close(source)
            close(result)
        }
        try #require(input.withUnsafeBytes { pwrite(source, $0.baseAddress, $0.count, 0) } == input.count)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, source, 0)
        posix_spawn_file_actions_adddup2(&actions, result, 1)
        let words: [String] = ["gzip", option]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, "/bin/gzip", &actions, nil, arguments, nil)
        try #require(failure == 0)
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        try #require(status == 0)
        let size = Int(lseek(result, 0, SEEK_END))
        return [UInt8](unsafeUninitializedCapacity: size) { $1 = max(0, pread(result, $0.baseAddress, size, 0)) }
    }

    private func temporaryFile() throws -> Int32 {
        var template = Array("/tmp/gzip-tests.XXXXXX".utf8CString)
        let file = mkstemp(&template)
        try #require(file >= 0)
        unlink(template)
        return file
    }
}
