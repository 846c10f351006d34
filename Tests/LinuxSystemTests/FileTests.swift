import Glibc
import LinuxSystem
import SystemPackage
import Testing

@Suite struct FileTests {
    @Test func aFifoIsRefusedAtOnce() throws {
        try withTemporaryDirectory { directory throws in
            #expect(mkfifo(directory.path.appending("fifo").string, 0o600) == 0)
            let error = failure { _ = try directory.readFile("fifo", limit: 1) }
            #expect(error?.message == "cannot open \(directory.path)/fifo: not a regular file (EINVAL)")
        }
    }

    @Test func aDirectoryIsNoFile() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("d")
            #expect(failure { _ = try directory.readFile("d", limit: 1) }?.errno == .isDirectory)
        }
    }

    @Test(arguments: [(0, 0, true), (1, 0, false), (10, 10, true), (11, 10, false), (100_000, 99_999, false)])
    func aFileAboveTheLimitIsRefused(_ size: Int, _ limit: Int, _ isRead: Bool) throws {
        try withTemporaryDirectory { directory throws in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
            try directory.createFile("f", permissions: 0o644, bytes: bytes)
            let error = failure {
                let found = try directory.readFile("f", limit: limit)
                #expect(found == bytes)
            }
            #expect(error?.errno == (isRead ? nil : .fileTooLarge))
        }
    }

    @Test func aProcFileThatClaimsNoSizeIsReadAndBounded() throws {
        let proc = try Directory.open("/proc/self", followingLinks: true)
        #expect(try proc.readFile("status", limit: 1 << 20).count > 100)
        #expect(failure { _ = try proc.readFile("status", limit: 100) }?.errno == .fileTooLarge)
    }

    @Test(arguments: [0o777, 0o4755, 0o1777, 0o600, 0o444, 0o666] as [UInt16])
    func permissionsAreExactWhateverTheUmask(_ permissions: UInt16) throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("f", permissions: permissions, bytes: [1])
            try directory.makeDirectory("d", permissions: permissions)
            try directory.replaceFile("r", permissions: permissions, bytes: [1], durable: false)
            for name in ["f", "d", "r"] {
                let found = try directory.status(of: name)?.permissions
                #expect(found == permissions, "\(name)")
            }
        }
    }

    @Test func createRefusesWhatExists() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("f", permissions: 0o644, bytes: [1])
            #expect(failure { try directory.createFile("f", permissions: 0o644, bytes: [2]) }?.errno == .fileExists)
            #expect(try directory.readFile("f", limit: 9) == [1])
        }
    }

    @Test(arguments: [false, true]) func replaceLeavesOnlyTheNewFile(durable: Bool) throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("d")
            try directory.createFile("d/f", permissions: 0o644, bytes: [1, 2, 3])
            let before = try directory.status(of: "d/f")?.inode
            try directory.replaceFile("d/f", permissions: 0o640, bytes: [9], durable: durable)
            #expect(try directory.readFile("d/f", limit: 9) == [9])
            #expect(try directory.status(of: "d/f")?.inode != before)
            #expect(try directory.entries(of: "d") == ["f"])
        }
    }

    @Test func aReplacementThatFailsLeavesTheOldNameAndNothingElse() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("d/inner")
            let error = failure { try directory.replaceFile("d", permissions: 0o644, bytes: [1], durable: true) }
            #expect(error?.errno == .isDirectory)
            #expect(try directory.entries(of: "d") == ["inner"])
            #expect(try directory.entries().count == 1)
        }
    }

    @Test func aWriteToAFullDiskThrowsAndLeavesNoFile() throws {
        guard isRoot else { return }
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("m")
            guard shell("mount -t tmpfs -o size=16k none \(directory.path)/m 2>&1").status == 0 else { return }
            defer { _ = shell("umount \(directory.path)/m") }
            let small = try directory.openDirectory("m")
            let bytes = [UInt8](repeating: 7, count: 64 << 10)
            #expect(failure { try small.createFile("f", permissions: 0o644, bytes: bytes) }?.errno == .noSpace)
            let replaced = failure { try small.replaceFile("f", permissions: 0o644, bytes: bytes, durable: true) }
            #expect(replaced?.errno == .noSpace)
            #expect(try small.entries().isEmpty)
            #expect(try small.space().availableBytes <= 16 << 10)
        }
    }

    @Test func anOpenFileReadsAndWritesByPosition() throws {
        try withTemporaryDirectory { directory throws in
            let file = try directory.openFile("f", for: .creating(permissions: 0o644))
            try file.write([1, 2, 3, 4])
            try file.write([9], at: 1)
            try file.sync()
            try file.syncData()
            var buffer = [UInt8](repeating: 0, count: 3)
            #expect(try file.read(at: 0, into: &buffer) == 3)
            #expect(buffer == [1, 9, 3])
            #expect(try file.read(at: 4, into: &buffer) == 0)
            #expect(try file.status().size == 4)
            try file.close()
            #expect(try directory.readFile("f", limit: 4) == [1, 9, 3, 4])
        }
    }

    @Test func aFileOpenedForReadingCannotBeWritten() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("f", permissions: 0o644, bytes: [1])
            let file = try directory.openFile("f", for: .reading)
            #expect(failure { try file.write([2]) }?.errno == .badFileDescriptor)
        }
    }

    @Test func extendedAttributesGoOnAndOffAndAreCopied() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("f", permissions: 0o4750, bytes: [1, 2])
            try directory.setExtendedAttribute(of: "f", "user.empty", [])
            try directory.setExtendedAttribute(of: "f", "user.long", [UInt8](repeating: 5, count: 1000))
            try directory.setTimes("f", to: FileTime(seconds: 1234, nanoseconds: 567))
            try directory.copyFile("f", to: "g", in: directory)
            let expected = ["user.empty": [], "user.long": [UInt8](repeating: 5, count: 1000)]
            #expect(try directory.extendedAttributes(of: "g") == expected)
            let copy = try #require(try directory.status(of: "g"))
            #expect(copy.permissions == 0o4750 && copy.modified == FileTime(seconds: 1234, nanoseconds: 567))
            try directory.removeExtendedAttribute(of: "f", "user.long")
            #expect(try directory.extendedAttributes(of: "f") == ["user.empty": []])
            #expect(failure { try directory.removeExtendedAttribute(of: "f", "user.long") }?.errno == .noData)
        }
    }

    @Test func anAttributeThatASymlinkCannotHaveDoesNotReachItsTarget() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("f", permissions: 0o644, bytes: [])
            try directory.symlink("s", to: "f")
            #expect(failure { try directory.setExtendedAttribute(of: "s", "user.a", [1]) } != nil)
            #expect(try directory.extendedAttributes(of: "f").isEmpty)
        }
    }

    @Test func syncsSucceedOnARealFileSystem() throws {
        try withTemporaryDirectory { directory throws in
            try directory.sync()
            try directory.syncFileSystem()
            #expect(try directory.resolvedPath() == directory.path)
        }
    }
}
