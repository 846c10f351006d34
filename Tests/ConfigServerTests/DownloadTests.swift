import Glibc
import LinuxSystem
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// How archives are sent: whole, in part, or not again.
struct DownloadTests {
    private static let place = "/v1/packages/tool/1.0-1/any/archive"

    /// A server with one package, whose archive is larger than what is sent in one piece.
    private func withPackage(
        _ way: ArchiveSender.Way = .kernel, _ body: (TestServer, TestPackage) async throws -> Void
    ) async throws {
        var random = SystemRandomNumberGenerator()
        let noise = (0..<200_000).map { _ in String(UnicodeScalar(UInt8.random(in: 32..<127, using: &random))) }
            .joined()
        let package = try TestPackage(contents: noise)
        #expect(package.archive.count > 100_000)
        try await TestServer.with(configure: { $0.archiveWay = way }) { server in
            let token = ("Authorization", "Bearer \(TestServer.publisher)")
            _ = try await server.send(
                .put, Self.place, [token, ("Roller-Digest", package.digest.rawValue)], body: .bytes(package.archive))
            let made = try await server.send(
                .put, "/v1/packages/tool/1.0-1/any/manifest", [token], body: .bytes(package.manifest))
            #expect(made.status == 201)
            try await body(server, package)
        }
    }

    @Test(arguments: [ArchiveSender.Way.kernel, .memory])
    func partsAreExactlyWhatWasAskedFor(_ way: ArchiveSender.Way) async throws {
        try await withPackage(way) { server, package in
            let size = package.archive.count
            let cases: [(range: String, expected: Range<Int>)] = [
                ("bytes=0-0", 0..<1), ("bytes=0-99", 0..<100), ("bytes=\(size - 1)-", size - 1..<size),
                ("bytes=65535-65536", 65535..<65537), ("bytes=1000-", 1000..<size), ("bytes=-100", size - 100..<size),
                ("bytes=-99999999999", 0..<size), ("bytes=5-99999999999", 5..<size),
            ]
            for (range, expected) in cases {
                let answer = try await server.get(Self.place, ("Range", range))
                #expect(answer.status == 206, "\(range)")
                #expect(answer.body == Array(package.archive[expected]), "\(range)")
                #expect(
                    answer.headers["Content-Range"] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(size)"
                )
                #expect(answer.headers["ETag"] == "\"\(package.digest.hex)\"")
            }
            for range in ["bytes=\(size)-", "bytes=-0", "bytes=99999999999999999999-"] {
                let answer = try await server.get(Self.place, ("Range", range))
                #expect(answer.status == 416, "\(range)")
                #expect(answer.headers["Content-Range"] == "bytes */\(size)")
                #expect(answer.body.isEmpty)
            }
            for range in ["bytes=0-1,4-5", "bytes=2-1", "lines=0-1", "bytes"] {
                let answer = try await server.get(Self.place, ("Range", range))
                #expect(answer.status == 200, "\(range)")
                #expect(answer.body == package.archive, "\(range)")
            }
        }
    }

    @Test func partsAreSentOnlyOfTheBytesTheClientKnows() async throws {
        try await withPackage { server, package in
            let tag = "\"\(package.digest.hex)\""
            let part = try await server.get(Self.place, ("Range", "bytes=10-"), ("If-Range", tag))
            #expect(part.status == 206)
            #expect(part.body == Array(package.archive[10...]))
            for other in ["\"other\"", "W/\(tag)", "Sun, 06 Nov 1994 08:49:37 GMT"] {
                let whole = try await server.get(Self.place, ("Range", "bytes=10-"), ("If-Range", other))
                #expect(whole.status == 200, "\(other)")
                #expect(whole.body == package.archive)
            }
        }
    }

    @Test func whatTheClientHasIsNotSentAgain() async throws {
        try await withPackage { server, package in
            let tag = "\"\(package.digest.hex)\""
            for condition in [tag, "\"x\", W/\(tag)", "*"] {
                let answer = try await server.get(
                    Self.place, ("If-None-Match", condition), ("Range", "bytes=0-1"))
                #expect(answer.status == 304, "\(condition)")
                #expect(answer.headers["ETag"] == tag)
                #expect(answer.body.isEmpty)
            }
            #expect(try await server.get(Self.place, ("If-None-Match", "\"x\"")).status == 200)
        }
    }

    @Test func headTellsTheSizeAndSendsNothing() async throws {
        try await withPackage { server, package in
            let answer = try await server.send(.head, Self.place, [("Range", "bytes=0-1")])
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Length"] == "\(package.archive.count)")
            #expect(answer.headers["Accept-Ranges"] == "bytes")
            #expect(try await server.get(Self.place).body == package.archive, "the connection is still in step")
        }
    }

    /// The file on disk is not what its manifest says; the client must not take it for the whole.
    @Test func anArchiveThatBecameShorterIsAnErrorAndNotAShortAnswer() async throws {
        try await withPackage { server, package in
            let place = try Directory.open(server.store.appending("packages/tool/1.0-1/any"))
            try place.replaceFile("archive", permissions: 0o644, bytes: [1, 2, 3], durable: false)
            #expect(try await server.get(Self.place).status == 500)
        }
    }

    /// The archive is larger than what connections hold, so that nothing but the client's end can end this.
    @Test(arguments: [ArchiveSender.Way.kernel, .memory])
    func aClientThatGoesAwayLeavesNothingOpen(_ way: ArchiveSender.Way) async throws {
        try await withPackage(way) { server, package in
            let archive = server.store.appending("packages/tool/1.0-1/any/archive").string
            for _ in 0..<20 {
                let connection = try RawConnection(port: server.port)
                try await connection.send("GET \(Self.place) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.receiveHead().hasPrefix("HTTP/1.1 200"))
                connection.reset()
            }
            var isOpen = true
            for _ in 0..<1000 where isOpen {
                #expect(try await server.get("/healthz").status == 200)
                isOpen = openFiles().contains { $0.hasPrefix(archive) }
            }
            #expect(!isOpen, "the archive is still open for clients that are gone")
        }
    }
}

/// The paths of all files that this process, and so the server under test, has open.
private func openFiles() -> [String] {
    (0..<512).compactMap { number in
        var path = [UInt8](repeating: 0, count: 4096)
        let count = path.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                characters.baseAddress.map { readlink("/proc/self/fd/\(number)", $0, characters.count) } ?? 0
            }
        }
        return count > 0 ? String(decoding: path[..<count], as: UTF8.self) : nil
    }
}
