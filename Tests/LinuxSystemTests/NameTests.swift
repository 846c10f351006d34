import Glibc
import LinuxSystem
import SystemPackage
import Testing

@Suite struct NameTests {
    @Test(arguments: ["", "/", "/etc", "a//b", "a/", ".", "..", "a/..", "../a", "a/./b", "a\0b", "a/../../b"])
    func aPathThatIsNotPlainIsRefused(_ name: String) throws {
        try withTemporaryDirectory { directory throws in
            #expect(failure { _ = try directory.status(of: name) }?.errno == .invalidArgument)
            #expect(failure { try directory.makeDirectory(name) }?.errno == .invalidArgument)
            #expect(failure { try directory.makeDirectories(name) }?.errno == .invalidArgument)
            #expect(failure { _ = try directory.readFile(name, limit: 1) }?.errno == .invalidArgument)
        }
    }

    @Test(arguments: ["...", ".a", "..a", "a..", " ", "\n", "é", "a\\b", String(repeating: "n", count: 255)])
    func anOddButPlainNameWorks(_ name: String) throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile(name, permissions: 0o644, bytes: [1])
            #expect(try directory.entries() == [.init(name: name, kind: .regular)])
            try directory.remove(name)
        }
    }

    @Test func aNameThatIsNotUTF8IsAnError() throws {
        try withTemporaryDirectory { directory throws in
            let path = directory.path.string
            #expect(close(open(path.utf8CString.dropLast() + [0x2F, -1, 0], O_CREAT | O_WRONLY, 0o600)) == 0)
            #expect(failure { _ = try directory.entries() }?.errno == .illegalByteSequence)
            try withTemporaryDirectory { other throws in
                #expect(failure { try other.linkTree("a", from: directory) }?.errno == .illegalByteSequence)
            }
        }
    }

    @Test func entriesComeInTheOrderOfTheirBytes() throws {
        try withTemporaryDirectory { directory throws in
            for name in ["b", "B", "é", "a", "a.b", "a-b"] { try directory.makeDirectory(name) }
            #expect(try directory.entries().map(\.name) == ["B", "a", "a-b", "a.b", "b", "é"])
        }
    }

    @Test func moreEntriesThanOneBufferHoldsAreAllListed() throws {
        try withTemporaryDirectory { directory throws in
            for number in 0..<3000 { try directory.symlink("name-that-is-a-little-longer-\(number)", to: "x") }
            #expect(try directory.entries().count == 3000)
        }
    }

    @Test func entriesCanBeAskedForTwice() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("a")
            #expect(try directory.entries() == directory.entries())
        }
    }

    @Test func whatIsMissingHasNoStatus() throws {
        try withTemporaryDirectory { directory throws in
            for name in ["a", "a/b"] {
                let found = try directory.status(of: name)
                #expect(found == nil)
            }
        }
    }

    @Test func linkNamesBothFilesInItsError() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("a", permissions: 0o644, bytes: [])
            try directory.createFile("b", permissions: 0o644, bytes: [])
            let error = failure { try directory.link("a", to: "b", in: directory) }
            let path = directory.path
            #expect(error?.message == "cannot link \(path)/b to \(path)/a: File exists (EEXIST)")
        }
    }

    @Test func linkDoesNotFollowASymlink() throws {
        try withTemporaryDirectory { directory throws in
            try directory.symlink("s", to: "/etc/passwd")
            try directory.link("s", to: "t", in: directory)
            #expect(try directory.readLink("t") == "/etc/passwd")
        }
    }

    @Test func renameReplacesOnlyWhenAsked() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("a", permissions: 0o644, bytes: [1])
            try directory.createFile("b", permissions: 0o644, bytes: [2])
            let error = failure { try directory.rename("a", to: "b", in: directory, replacing: false) }
            #expect(error?.errno == .fileExists)
            try directory.rename("a", to: "b", in: directory, replacing: true)
            #expect(try directory.readFile("b", limit: 1) == [1])
            #expect(try directory.status(of: "a") == nil)
        }
    }

    @Test func renameAndLinkReachAcrossDirectories() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("x/y")
            try directory.makeDirectory("z")
            let other = try directory.openDirectory("z")
            try directory.createFile("x/y/a", permissions: 0o644, bytes: [1])
            try directory.link("x/y/a", to: "b", in: other)
            try directory.rename("x/y/a", to: "c", in: other, replacing: false)
            #expect(try directory.entries(of: "z") == ["b", "c"])
            #expect(try directory.status(of: "z/b")?.links == 2)
        }
    }

    @Test func exchangeSwapsTwoDirectories() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("live/old")
            try directory.makeDirectories("next/new")
            try directory.exchange("live", with: "next", in: directory)
            #expect(try directory.entries(of: "live") == ["new"])
            #expect(try directory.entries(of: "next") == ["old"])
        }
    }

    @Test func exchangeSwapsADirectoryAndASymlink() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("d")
            try directory.symlink("s", to: "elsewhere")
            try directory.exchange("d", with: "s", in: directory)
            #expect(try directory.status(of: "s")?.kind == .directory)
            #expect(try directory.readLink("d") == "elsewhere")
        }
    }

    @Test func exchangeWithNothingFails() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("d")
            let error = failure { try directory.exchange("d", with: "s", in: directory) }
            #expect(error?.errno == .noSuchFileOrDirectory)
            #expect(error?.message.contains("/d with ") == true)
        }
    }

    @Test(arguments: ["/tmp", "/dev/shm"]) func aProbedExchangeLeavesNothingBehind(_ parent: String) throws {
        try withTemporaryDirectory(in: FilePath(parent)) { directory throws in
            try directory.probeExchange()
            #expect(try directory.entries().isEmpty)
        }
    }

    @Test func aProbeInProcTellsWhyNot() throws {
        let directory = try Directory.open("/proc")
        #expect(failure { try directory.probeExchange() } != nil)
    }

    @Test func removeRefusesADirectoryAndTheOtherWayRound() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectories("d/e")
            try directory.symlink("s", to: "d")
            #expect(failure { try directory.remove("d") }?.errno == .isDirectory)
            #expect(failure { try directory.removeDirectory("s") }?.errno == .notDirectory)
            #expect(failure { try directory.removeDirectory("d") }?.errno == .directoryNotEmpty)
        }
    }

    @Test func makeDirectoriesAcceptsThoseThatExist() throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("a", permissions: 0o700)
            try directory.makeDirectories("a/b/c", permissions: 0o755)
            try directory.makeDirectories("a/b/c", permissions: 0o711)
            #expect(try directory.status(of: "a")?.permissions == 0o700)
            #expect(try directory.status(of: "a/b/c")?.permissions == 0o755)
        }
    }

    @Test func makeDirectoriesRefusesAFileAndASymlinkInTheWay() throws {
        try withTemporaryDirectory { directory throws in
            try directory.createFile("f", permissions: 0o644, bytes: [])
            try directory.makeDirectory("d")
            try directory.symlink("s", to: "d")
            #expect(failure { try directory.makeDirectories("f") }?.errno == .fileExists)
            #expect(failure { try directory.makeDirectories("s/x") }?.errno == .fileExists)
            #expect(try directory.entries(of: "d").isEmpty)
        }
    }
}

extension Directory {
    borrowing func entries(of relative: String) throws -> [String] { try openDirectory(relative).entries().map(\.name) }
}
