import Glibc
import LinuxSystem
import SystemPackage
import Testing

@Suite struct FileLockTests {
    @Test func aSecondHolderLearnsWhoHasIt() throws {
        try withTemporaryDirectory { directory throws in
            let first = try FileLock.acquire(in: directory, name: "lock", contents: "pid 12 since noon")
            #expect(throws: FileLockError.heldBy("pid 12 since noon")) {
                _ = try FileLock.acquire(in: directory, name: "lock", contents: "me")
            }
            #expect(try first.isInPlace(in: directory))
        }
    }

    @Test func itIsFreeOnceLetGoAndItsLabelToo() throws {
        try withTemporaryDirectory { directory throws in
            do { _ = try FileLock.acquire(in: directory, name: "lock", contents: "a rather long description") }
            #expect(try directory.readFile("lock", limit: 99).first == UInt8(ascii: "\n"))
            let second = try FileLock.acquire(in: directory, name: "lock", contents: "b")
            #expect(throws: FileLockError.heldBy("b")) {
                _ = try FileLock.acquire(in: directory, name: "lock", contents: "c")
            }
            #expect(try second.isInPlace(in: directory))
        }
    }

    @Test func anotherProcessIsKeptOutAndKeepsUsOut() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory.path.appending("lock").string
            do {
                let held = try FileLock.acquire(in: directory, name: "lock", contents: "us")
                #expect(shell("flock -n \(path) true").status == 1)
                #expect(try held.isInPlace(in: directory))
            }
            #expect(shell("flock -n \(path) true").status == 0)
            // The other process holds the lock for as long as its end of the pipe is open.
            let other = try #require(popen("flock -n \(path) sh -c 'echo held; cat' > \(path).out", "we"))
            while try directory.status(of: "lock.out")?.size ?? 0 == 0 { sched_yield() }
            #expect(throws: FileLockError.heldBy("")) {
                _ = try FileLock.acquire(in: directory, name: "lock", contents: "us")
            }
            pclose(other)
            _ = try FileLock.acquire(in: directory, name: "lock", contents: "us")
        }
    }

    @Test func aLockFileDeletedWhileHeldIsNoticed() throws {
        try withTemporaryDirectory { directory throws in
            let lock = try FileLock.acquire(in: directory, name: "lock", contents: "us")
            try directory.remove("lock")
            #expect(try !lock.isInPlace(in: directory))
            try directory.createFile("lock", permissions: 0o600, bytes: [])
            #expect(try !lock.isInPlace(in: directory))
        }
    }

    @Test func aSymlinkOrADirectoryInItsPlaceIsRefused() throws {
        try withTemporaryDirectory { directory throws in
            try directory.symlink("link", to: "elsewhere")
            try directory.makeDirectory("directory")
            for name in ["link", "directory"] {
                #expect(throws: FileLockError.self) {
                    _ = try FileLock.acquire(in: directory, name: name, contents: "us")
                }
            }
            #expect(try directory.entries().map(\.name) == ["directory", "link"])
        }
    }

    @Test func aFullDiskCostsTheLabelNotTheLock() throws {
        guard isRoot else { return }
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("m")
            guard shell("mount -t tmpfs -o size=16k none \(directory.path)/m 2>&1").status == 0 else { return }
            defer { _ = shell("umount \(directory.path)/m") }
            let small = try directory.openDirectory("m")
            try small.createFile("fill", permissions: 0o600, bytes: [UInt8](repeating: 0, count: 16 << 10))
            let lock = try FileLock.acquire(in: small, name: "lock", contents: "us")
            #expect(try lock.isInPlace(in: small))
            #expect(throws: FileLockError.heldBy("")) {
                _ = try FileLock.acquire(in: small, name: "lock", contents: "them")
            }
        }
    }
}

@Suite struct PreallocatedFileTests {
    @Test func whatIsWrittenIsReadAfterOpeningAgain() throws {
        try withTemporaryDirectory { directory throws in
            do {
                let file = try PreallocatedFile.create(in: directory, name: "journal", size: 8192)
                try file.overwrite(at: 0, [1, 2, 3])
                try file.overwrite(at: 8190, [8, 9])
            }
            let bytes = try PreallocatedFile.open(in: directory, name: "journal", size: 8192).read()
            #expect(bytes.count == 8192)
            #expect(bytes.prefix(4) == [1, 2, 3, 0] && bytes.suffix(3) == [0, 8, 9])
            #expect(try directory.entries() == [.init(name: "journal", kind: .regular)])
        }
    }

    @Test func itsBlocksAreAllocatedFromTheStart() throws {
        try withTemporaryDirectory { directory throws in
            _ = try PreallocatedFile.create(in: directory, name: "journal", size: 1 << 20)
            #expect(try #require(try directory.status(of: "journal")).blocks * 512 >= 1 << 20)
        }
    }

    @Test(arguments: [(-1, 1), (8, 1), (0, 9), (5, 4), (Int.max, 1)])
    func aWriteOutsideIsRefusedWhole(_ offset: Int, _ count: Int) throws {
        try withTemporaryDirectory { directory throws in
            let file = try PreallocatedFile.create(in: directory, name: "journal", size: 8)
            let error = failure { try file.overwrite(at: offset, [UInt8](repeating: 1, count: count)) }
            #expect(error?.errno == .invalidArgument)
            #expect(try file.read() == [UInt8](repeating: 0, count: 8))
        }
    }

    @Test func aMissingOneAndOneOfAnotherSizeAreRefused() throws {
        try withTemporaryDirectory { directory throws in
            let missing = failure { _ = try PreallocatedFile.open(in: directory, name: "journal", size: 8) }
            #expect(missing?.errno == .noSuchFileOrDirectory)
            try directory.createFile("journal", permissions: 0o600, bytes: [])
            let short = failure { _ = try PreallocatedFile.open(in: directory, name: "journal", size: 8) }
            #expect(short?.message.hasSuffix("it has 0 bytes where 8 are expected (EINVAL)") == true)
        }
    }

    @Test func createReplacesWhatIsThere() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("journal", permissions: 0o644, bytes: [1])
            #expect(try PreallocatedFile.create(in: directory, name: "journal", size: 8).read().count == 8)
            #expect(try directory.status(of: "journal")?.permissions == 0o600)
        }
    }

    @Test func itIsWrittenOnAFullDisk() throws {
        guard isRoot, shell("command -v mkfs.ext4").status == 0 else { return }
        try withTemporaryDirectory { directory throws in
            let path = directory.path
            try directory.makeDirectory("m")
            let made = shell(
                "truncate -s 8M \(path)/image && mkfs.ext4 -q -O ^has_journal \(path)/image 2>&1"
                    + " && mount -o loop \(path)/image \(path)/m 2>&1")
            guard made.status == 0 else { return }
            defer { _ = shell("umount \(path)/m") }
            let small = try directory.openDirectory("m")
            let file = try PreallocatedFile.create(in: small, name: "journal", size: 64 << 10)
            let fill = try small.openFile("fill", for: .creating(permissions: 0o600))
            #expect(failure { while true { try fill.write([UInt8](repeating: 1, count: 1 << 10)) } }?.errno == .noSpace)
            for offset in stride(from: 0, to: 64 << 10, by: 4096) {
                try file.overwrite(at: offset, [UInt8](repeating: 5, count: 4096))
            }
            #expect(try file.read().allSatisfy { $0 == 5 })
        }
    }
}
