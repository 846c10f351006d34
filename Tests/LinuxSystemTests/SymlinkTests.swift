import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

/// A directory holds `real/file`, and `link`, a symlink to `real`. No call may reach the file by way of the link.
@Suite struct SymlinkTests {
    private func withLink(_ body: (borrowing Directory) throws -> Void) throws {
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("real")
            try directory.createFile("real/file", permissions: 0o644, bytes: [1])
            try directory.symlink("link", to: "real")
            try body(directory)
            #expect(try directory.entries(of: "real") == ["file"])
            #expect(try directory.status(of: "real/file")?.permissions == 0o644)
        }
    }

    @Test func noCallFollowsAParentThatIsASymlink() throws {
        try withLink { directory throws in
            let attempts: [FileError?] = [
                failure { _ = try directory.status(of: "link/file") },
                failure { _ = try directory.openDirectory("link/file") },
                failure { _ = try directory.readFile("link/file", limit: 1) },
                failure { _ = try directory.readLink("link/file") },
                failure { _ = try directory.extendedAttributes(of: "link/file") },
                failure { _ = try directory.removeTree("link/file") },
                failure { try directory.createFile("link/new", permissions: 0o644, bytes: []) },
                failure { try directory.replaceFile("link/file", permissions: 0o600, bytes: [], durable: false) },
                failure { try directory.makeDirectory("link/new") },
                failure { try directory.link("link/file", to: "new", in: directory) },
                failure { try directory.link("real/file", to: "link/new", in: directory) },
                failure { try directory.symlink("link/new", to: "x") },
                failure { try directory.rename("real/file", to: "link/new", in: directory, replacing: true) },
                failure { try directory.exchange("link/file", with: "real/file", in: directory) },
                failure { try directory.remove("link/file") },
                failure { try directory.removeDirectory("link/file") },
                failure { try directory.setPermissions("link/file", 0o600) },
                failure { try directory.setOwner("link/file", uid: 1, gid: 1) },
                failure { try directory.setTimes("link/file", to: FileTime(seconds: 1)) },
                failure { try directory.setExtendedAttribute(of: "link/file", "user.a", [1]) },
                failure { try directory.linkTree("link/new", from: directory) },
                failure { try directory.copyFile("link/file", to: "new", in: directory) },
                failure { _ = try directory.isMountPoint("link/file") },
            ]
            for (index, error) in attempts.enumerated() {
                #expect(error?.errno == .tooManySymbolicLinkLevels, "attempt \(index): \(String(describing: error))")
                #expect(error?.message.contains("/link") == true)
            }
        }
    }

    @Test func noOpenFollowsALastComponentThatIsASymlink() throws {
        try withLink { directory throws in
            try directory.symlink("to-file", to: "real/file")
            #expect(failure { _ = try directory.openDirectory("link") }?.errno == .tooManySymbolicLinkLevels)
            #expect(failure { _ = try directory.readFile("to-file", limit: 9) }?.errno == .tooManySymbolicLinkLevels)
            let made = failure { try directory.createFile("to-file", permissions: 0o600, bytes: []) }
            #expect(made?.errno == .fileExists)
            #expect(failure { try directory.setPermissions("to-file", 0o600) } != nil)
            let path = directory.path.appending("link")
            #expect(failure { _ = try Directory.open(path) }?.errno == .notDirectory)
            #expect(try Directory.open(path, followingLinks: true).entries().count == 1)
        }
    }

    @Test func aSymlinkToOutsideIsRefusedAsAParent() throws {
        try withTemporaryDirectory { directory throws in
            try directory.symlink("out", to: "/etc")
            #expect(failure { _ = try directory.status(of: "out/passwd") }?.errno == .tooManySymbolicLinkLevels)
        }
    }

    @Test func attributesOfASymlinkAreItsOwn() throws {
        try withLink { directory throws in
            try directory.setTimes("link", to: FileTime(seconds: 77, nanoseconds: 5))
            #expect(try directory.status(of: "link")?.modified == FileTime(seconds: 77, nanoseconds: 5))
            #expect(try directory.status(of: "real")?.modified != FileTime(seconds: 77, nanoseconds: 5))
            guard isRoot else { return }
            try directory.setOwner("link", uid: 1, gid: 2)
            #expect(try directory.status(of: "link")?.uid == 1)
            #expect(try directory.status(of: "real")?.uid == 0)
        }
    }

    @Test(arguments: [Directory.Resolver.kernel, .walk]) func bothResolversAgree(_ resolver: Directory.Resolver) throws
    {
        try withLink { directory throws in
            try directory.makeDirectories("a/b/c")
            try directory.symlink("a/s", to: "b")
            try directory.symlink("a/b/out", to: "/")
            let table: [(path: String, flags: Int32, errno: Errno?)] = [
                ("a", O_DIRECTORY, nil), ("a/b", O_DIRECTORY, nil), ("a/b/c", O_DIRECTORY, nil), ("real/file", 0, nil),
                ("a/s", O_DIRECTORY, .tooManySymbolicLinkLevels), ("a/s", 0, .tooManySymbolicLinkLevels),
                ("a/s/c", O_DIRECTORY, .tooManySymbolicLinkLevels), ("link", 0, .tooManySymbolicLinkLevels),
                ("a/b/out/etc", O_DIRECTORY, .tooManySymbolicLinkLevels), ("real/file/x", 0, .notDirectory),
                ("real/file", O_DIRECTORY, .notDirectory), ("a/x", 0, .noSuchFileOrDirectory),
                ("a/x/y", 0, .noSuchFileOrDirectory), ("a/../real", 0, .invalidArgument),
            ]
            for row in table {
                let error = failure {
                    let found = try directory.open(row.path, O_RDONLY | row.flags, for: "open", by: resolver)
                    #expect(fcntl(found.raw, F_GETFD) == FD_CLOEXEC)
                }
                #expect(error?.errno == row.errno, "\(row.path)")
            }
        }
    }
}
