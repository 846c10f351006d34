import Glibc
import LinuxSystem
import SystemPackage
import Testing

@Suite struct RemoveTreeTests {
    @Test func whatASymlinkPointsToStays() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("outside/kept")
            try directory.makeDirectories("tree/a")
            try directory.symlink("tree/a/link", to: "../../outside")
            try directory.symlink("tree/absolute", to: directory.path.appending("outside").string)
            #expect(try directory.removeTree("tree") == 4)
            #expect(try directory.entries(of: "outside") == ["kept"])
            #expect(try directory.entries().map(\.name) == ["outside"])
        }
    }

    @Test func aSymlinkItselfIsRemovedAndNothingIsZero() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("d/e")
            try directory.symlink("s", to: "d")
            #expect(try directory.removeTree("s") == 1)
            #expect(try directory.removeTree("s") == 0)
            #expect(try directory.entries(of: "d") == ["e"])
        }
    }

    /// Not on ext4, which is slow to make directories right after others were removed.
    @Test(arguments: [31, 32, 33, 34, 65, 20_000]) func depthIsNoObstacle(_ depth: Int) throws {
        try withTemporaryDirectory(in: "/dev/shm") { directory throws in
            var level = open(directory.path.string, O_RDONLY)
            for _ in 0..<depth {
                #expect(mkdirat(level, "deep", 0o700) == 0 && mkdirat(level, "side", 0o700) == 0)
                let next = openat(level, "deep", O_RDONLY)
                close(level)
                level = next
            }
            close(level)
            #expect(try directory.removeTree("deep") == 2 * depth - 1)
            #expect(try directory.entries().map(\.name) == ["side"])
        }
    }

    @Test func manyNamesInOneDirectoryAllGo() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("d")
            for number in 0..<5000 { try directory.symlink("d/some-longer-name-\(number)", to: "x") }
            #expect(try directory.removeTree("d") == 5001)
        }
    }

    @Test func namesThatAreNotUTF8AndEveryKindGo() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("d/e")
            let path = directory.path.string
            #expect(
                close(open(path.utf8CString.dropLast() + [0x2F, 0x64, 0x2F, -1, 0], O_CREAT | O_WRONLY, 0o600)) == 0)
            #expect(mkdir(path.utf8CString.dropLast() + [0x2F, 0x64, 0x2F, -2, 0], 0o700) == 0)
            #expect(mkfifo(path + "/d/fifo", 0o600) == 0)
            #expect(try directory.removeTree("d") == 5)
        }
    }

    @Test(arguments: [0, 0o111, 0o222, 0o333, 0o444, 0o555, 0o666] as [UInt16])
    func directoriesWithoutPermissionsGoForTheirOwner(_ permissions: UInt16) throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("d/e/f")
            try directory.createFile("d/e/x", permissions: 0, bytes: [])
            for name in ["d/e/f", "d/e", "d"] { try directory.setPermissions(name, permissions) }
            #expect(try directory.removeTree("d") == 4)
        }
    }

    @Test func aMountBelowIsNotEnteredNotEvenABindMount() throws {
        guard isRoot else { return }
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("precious/data")
            try directory.makeDirectories("tree/a/mounted")
            let path = directory.path
            guard shell("mount --bind \(path)/precious \(path)/tree/a/mounted 2>&1").status == 0 else { return }
            defer { _ = shell("umount \(path)/tree/a/mounted") }
            let error = failure { try directory.removeTree("tree") }
            #expect(error?.errno == .improperLink)
            #expect(error?.path == path.appending("tree/a/mounted").string)
            #expect(failure { try directory.removeTree("tree/a/mounted") }?.errno == .improperLink)
            #expect(try directory.entries(of: "precious") == ["data"])
        }
    }

    @Test func anImmutableFileStopsItWithItsName() throws {
        guard isRoot else { return }
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("d/e")
            try directory.createFile("d/e/fixed", permissions: 0o644, bytes: [])
            let path = directory.path.appending("d/e/fixed").string
            guard shell("chattr +i \(path) 2>&1").status == 0 else { return }
            defer { _ = shell("chattr -i \(path)") }
            let error = failure { try directory.removeTree("d") }
            #expect(error?.message == "cannot remove \(path): Operation not permitted (EPERM)")
        }
    }
}

@Suite struct LinkTreeTests {
    private func withSource(_ body: (borrowing Directory) throws -> Void) throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("source/bin/deep/er")
            try directory.createFile("source/bin/jq", permissions: 0o755, bytes: [1])
            try directory.createFile("source/bin/deep/er/x", permissions: 0o600, bytes: [2])
            try directory.symlink("source/bin/link", to: "/nowhere at all")
            try directory.setPermissions("source/bin/deep", 0o2751)
            try directory.setPermissions("source/bin/deep/er", 0o555)
            try body(directory)
        }
    }

    @Test func theMirrorSharesFilesAndCopiesTheRest() throws {
        try withSource { directory throws in
            let counts = try directory.linkTree("mirror", from: directory.openDirectory("source"))
            #expect((counts.files, counts.directories, counts.links, counts.copies) == (2, 4, 1, 0))
            for name in ["bin/jq", "bin/deep/er/x"] {
                #expect(try directory.status(of: "mirror/\(name)") == directory.status(of: "source/\(name)"))
            }
            #expect(try directory.status(of: "mirror/bin/deep")?.permissions == 0o2751)
            #expect(try directory.status(of: "mirror/bin/deep/er")?.permissions == 0o555)
            #expect(try directory.readLink("mirror/bin/link") == "/nowhere at all")
        }
    }

    @Test func twoSourcesMergeAndTheFirstDirectoryDecides() throws {
        try withSource { directory throws in
            try directory.makeDirectories("other/bin", permissions: 0o700)
            try directory.createFile("other/bin/yq", permissions: 0o755, bytes: [3])
            let first = try directory.linkTree("mirror", from: directory.openDirectory("source"))
            let second = try directory.linkTree("mirror", from: directory.openDirectory("other"))
            #expect((first + second).directories == 4 && second.files == 1)
            #expect(try directory.entries(of: "mirror/bin") == ["deep", "jq", "link", "yq"])
            #expect(try directory.status(of: "mirror/bin")?.permissions == 0o755)
        }
    }

    @Test(arguments: ["bin/jq", "bin/link", "bin/deep", "bin"]) func aNameInTheWayIsNamed(_ name: String) throws {
        try withSource { directory throws in
            try directory.makeDirectories("mirror/bin")
            if name == "bin" { try directory.removeDirectory("mirror/bin") }
            try directory.symlink("mirror/\(name)", to: "/tmp")
            let source = try directory.openDirectory("source")
            let error = failure { try directory.linkTree("mirror", from: source) }
            #expect(error?.errno == .fileExists)
            #expect(error?.path == directory.path.appending("mirror/\(name)").string)
        }
    }

    @Test func filesAskedForAreCopied() throws {
        try withSource { directory throws in
            let source = try directory.openDirectory("source")
            let counts = try directory.linkTree("mirror", from: source, copying: ["bin/deep/er/x", "jq"])
            #expect((counts.files, counts.copies) == (1, 1))
            let copy = try #require(try directory.status(of: "mirror/bin/deep/er/x"))
            #expect(copy.links == 1 && copy.permissions == 0o600)
            #expect(try directory.status(of: "source/bin/deep/er/x")?.modified == copy.modified)
        }
    }

    /// ext4 allows 65,000 names to an inode.
    @Test func aFileWithAllNamesTakenIsCopied() throws {
        try withSource { directory throws in
            try directory.makeDirectory("names")
            let names = try directory.openDirectory("names")
            try names.createFile("0", permissions: 0o644, bytes: [7])
            let descriptor = open(names.path.string, O_RDONLY)
            for number in 1..<65_000 where linkat(descriptor, "0", descriptor, "\(number)", 0) != 0 { break }
            close(descriptor)
            let full = failure { try names.link("0", to: "one more", in: names) }
            guard full?.errno == .tooManyLinks else { return }  // a file system without that limit
            try directory.remove("names/1")
            try directory.link("names/0", to: "source/bin/full", in: directory)
            let counts = try directory.linkTree("mirror", from: directory.openDirectory("source"))
            #expect((counts.files, counts.copies) == (2, 1))
            #expect(try directory.readFile("mirror/bin/full", limit: 1) == [7])
        }
    }

    @Test func aFifoIsRefused() throws {
        try withSource { directory throws in
            #expect(mkfifo(directory.path.appending("source/bin/fifo").string, 0o600) == 0)
            let source = try directory.openDirectory("source")
            let error = failure { try directory.linkTree("mirror", from: source) }
            #expect(error?.path == directory.path.appending("source/bin/fifo").string)
        }
    }

    @Test func ownersOfDirectoriesAreCarriedOver() throws {
        guard isRoot else { return }
        try withSource { directory throws in
            try directory.setOwner("source/bin/deep", uid: 12, gid: 34)
            try directory.linkTree("mirror", from: directory.openDirectory("source"))
            let found = try #require(try directory.status(of: "mirror/bin/deep"))
            #expect((found.uid, found.gid) == (12, 34))
        }
    }

    @Test func aTreeOnAnotherFileSystemCannotBeLinked() throws {
        try withSource { directory throws in
            let source = try directory.openDirectory("source")
            try withTemporaryDirectory(in: "/dev/shm") { other throws in
                #expect(failure { try other.linkTree("mirror", from: source) }?.errno == .improperLink)
            }
        }
    }
}
