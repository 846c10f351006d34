import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite struct MountTableTests {
    @Test func aLineIsReadWithItsEscapesAndOptionalFields() throws {
        let text = """
            36 35 98:0 /root /mnt/a\\040b\\134c\\011d rw,noatime master:1 shared:2 - ext4 /dev/sd\\040a rw,errors=continue
            37 36 0:45 / /mnt ro - tmpfs none rw

            """
        let mounts = try MountTable.parse(Array(text.utf8))
        #expect(mounts.map(\.path) == ["/mnt/a b\\c\td", "/mnt"])
        #expect(mounts[0].root == "/root" && mounts[0].source == "/dev/sd a" && mounts[0].options == ["rw", "noatime"])
        #expect(mounts[0].fileSystem == "ext4" && mounts[0].fileSystemOptions == ["rw", "errors=continue"])
        #expect((mounts[0].id, mounts[0].parent, mounts[0].device) == (36, 35, 98 << 8))
        #expect(mounts[1].fileSystem == "tmpfs")
    }

    @Test(arguments: [
        "36 35 98:0 / /mnt rw", "x 35 98:0 / /mnt rw - a b c", "1 2 98 / /mnt rw - a b c", "1 2 3:4 / /m rw a b c d",
    ])
    func aLineItCannotReadIsAnErrorThatQuotesIt(_ line: String) {
        let error = failure { _ = try MountTable.parse(Array(line.utf8)) }
        #expect(error?.message.contains("'\(line)'") == true)
    }

    @Test func theRootIsAMountPointAndATemporaryDirectoryIsNone() throws {
        #expect(try MountTable.isMountPoint("/"))
        #expect(try MountTable.current().contains { $0.path == "/proc" && $0.fileSystem == "proc" })
        #expect(try Directory.open("/").isMountPoint("proc"))
        try withTemporaryDirectory { directory throws in
            #expect(try !MountTable.isMountPoint(directory.path))
            #expect(try MountTable.mounts(atOrBelow: directory.path).isEmpty)
        }
    }

    @Test func aBindMountIsSeenAndItsMountDiffers() throws {
        guard isRoot else { return }
        try withTemporaryDirectory { directory throws in
            try directory.makeDirectory("a b")
            try directory.makeDirectory("a bc")
            let path = directory.path.appending("a b")
            guard shell("mount --bind '\(path)' '\(path)' 2>&1").status == 0 else { return }
            defer { _ = shell("umount '\(path)'") }
            #expect(try MountTable.isMountPoint(path))
            #expect(try MountTable.mounts(atOrBelow: path).map(\.path) == [path])
            #expect(try MountTable.mounts(atOrBelow: directory.path).count == 1)
            let found = try directory.openDirectory("a b")
            #expect(try found.status().device == directory.status().device)
            #expect(try found.mountID() != directory.mountID())
            let error = failure { try directory.exchange("a b", with: "a bc", in: directory) }
            #expect(error?.errno == .resourceBusy)
        }
    }
}

@Suite struct ProcessTests {
    @Test func thisProcessIsAliveOnlyUnderItsOwnStartTime() throws {
        let start = try #require(try Processes.startTime(of: getpid()))
        #expect(try Processes.isAlive(getpid(), startTime: start))
        #expect(try !Processes.isAlive(getpid(), startTime: start + 1))
    }

    @Test func aProcessThatIsGoneIsNotAlive() throws {
        let pid = try #require(Int32(shell("echo $$").output.dropLast()))
        let found = try Processes.startTime(of: pid)
        #expect(found == nil)
    }

    /// A name of a process, its state, what follows the 18 fields after that, and what is to be found.
    struct StatLine: Sendable {
        let name: String, state: String, rest: String
        let start: UInt64?
    }

    @Test(arguments: [
        StatLine(name: "sh", state: "R", rest: " 4711 9", start: 4711),
        StatLine(name: "we) S 1 (ird", state: "S", rest: " 4711", start: 4711),
        StatLine(name: "sh", state: "Z", rest: " 4711 9", start: 4711),
        StatLine(name: "sh", state: "S", rest: " -1 9", start: nil),
        StatLine(name: "sh", state: "S", rest: "", start: nil),
    ]) func theStartTimeIsFoundAfterAnyName(_ line: StatLine) {
        let fields = (4...21).map(String.init).joined(separator: " ")
        let stat = ProcessStat(Array("12 (\(line.name)) \(line.state) \(fields)\(line.rest)".utf8))
        #expect(stat?.startTime == line.start)
        #expect(stat?.hasEnded ?? false == (line.state == "Z"))
    }

    @Test func aProgramThatIsMissingIsAnErrorAndNoEnd() {
        let error = failure { try Processes.execReplacing("/nowhere", arguments: ["a"], environment: []) }
        #expect(error?.message == "cannot run /nowhere: No such file or directory (ENOENT)")
    }

    @Test func theBootHasANumberAndAnAge() throws {
        #expect(try Boot.id().utf8.count == 36)
        #expect(try Boot.id() == Boot.id())
        #expect(try Boot.elapsed() > .seconds(1))
    }
}

@Suite struct NamespaceTests {
    @Test func aProcessWithThreadsIsRefused() {
        let error = failure { try Namespaces.enterPrivateMounts(binding: "/tmp", at: "/usr/local") }
        #expect(error?.errno == .invalidArgument)
        #expect(error?.message.contains("threads") == true)
    }

    @Test func theProbeLeavesThisProcessWhereItIs() throws {
        let before = try Directory.open("/proc/self/ns").readLink("mnt")
        let found = Namespaces.available
        if isRoot && shell("unshare -m true 2>&1").status == 0 { #expect(found) }
        #expect(try Directory.open("/proc/self/ns").readLink("mnt") == before)
    }
}
