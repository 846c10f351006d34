import Testing

@testable import RollerCore

/// The room that a roll takes, before anything is fetched.
struct SpaceNeedTests {
    private func manifest(_ sizes: [Int64], directories: Int = 0, archive: Int64 = 0) throws -> PackageManifest {
        let files = try sizes.enumerated().map { number, size in
            PackageManifest.Entry(
                path: try #require(TreePath("f\(number)")),
                kind: .file(permissions: 0o644, size: ByteCount(size), digest: Digest(of: "")))
        }
        let folders = try (0..<directories).map {
            PackageManifest.Entry(path: try #require(TreePath("d\($0)")), kind: .directory(permissions: 0o755))
        }
        return PackageManifest(
            name: try #require(PackageName("p")), version: try #require(PackageVersion("1")), platform: .any,
            archive: Digest(of: "\(sizes)"), size: ByteCount(archive), entries: files + folders)
    }

    private func need(_ missing: [PackageManifest], stored: [(Int, Int)] = [], files: [Int64] = []) -> SpaceNeed {
        SpaceNeed(
            missing: missing, stored: stored.map { (directories: $0.0, links: $0.1) }, copied: [],
            files: files.map { ByteCount($0) }, keep: 0)
    }

    @Test func filesTakeWholeBlocksAndArchivesTheRoomOfTheLargest() throws {
        let nothing = need([])
        let one = need([try manifest([1, 4096, 4097], archive: 1000)])
        // Three files in four blocks, the manifest in one, the archive while it is unpacked.
        #expect(one.bytes.bytes - nothing.bytes.bytes == 5 * 4096 + 1000)
        #expect(one.inodes - nothing.inodes == 4)
        let two = need([try manifest([1], archive: 10), try manifest([2], archive: 700)])
        #expect(two.bytes.bytes - nothing.bytes.bytes == 4 * 4096 + 700)
        #expect(two.download.bytes == 710)
    }

    @Test func directoriesAreMadeInTheStoreAndInTheCandidate() throws {
        let nothing = need([])
        #expect(need([try manifest([], directories: 3)]).inodes - nothing.inodes == 3 + 3 + 1)
        #expect(need([], stored: [(3, 2)]).inodes - nothing.inodes == 5)
        #expect(need([], stored: [(3, 2)]).bytes.bytes - nothing.bytes.bytes == 3 * 4096)
    }

    @Test func sizesThatNoDiskHoldsAreNoSmallOnes() throws {
        let huge = need([try manifest([999_999_999_999_999_999, 999_999_999_999_999_999])])
        #expect(huge.lack(free: ByteCount(1 << 60), freeInodes: nil) != nil)
        #expect(need([], files: [.max]).lack(free: ByteCount(1 << 62), freeInodes: nil) != nil)
    }

    @Test func whatIsLackingIsToldWithFigures() throws {
        let need = need([try manifest([10 << 20], archive: 1 << 20)])
        #expect(need.lack(free: need.bytes, freeInodes: need.inodes) == nil)
        #expect(need.lack(free: need.bytes, freeInodes: nil) == nil)
        #expect(need.lack(free: ByteCount(1 << 20), freeInodes: nil) == "\(need.bytes) are needed and 1.0 MiB are free")
        #expect(
            need.lack(free: need.bytes, freeInodes: 3)
                == "\(need.inodes) files are to be made, and the file system takes 3 more")
    }
}
