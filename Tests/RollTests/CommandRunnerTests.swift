import Glibc
import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

@Suite(.timeLimit(.minutes(1))) struct CommandRunnerTests {
    private func run(
        _ host: TestHost, _ script: String, limit: Duration = .seconds(20)
    ) async -> CommandRunner.Outcome {
        await host.commands.run(["/bin/sh", "-c", script], purpose: "web-start", name: "web", limit: limit)
    }

    @Test func whatACommandWritesIsKept() async throws {
        let host = try TestHost()
        #expect(await run(host, "echo out; echo err >&2") == .succeeded)
        #expect(try host.read("local.roller/output/web-start.log") == "out\nerr\n")
        #expect(await run(host, "echo again") == .succeeded)
        #expect(try host.read("local.roller/output/web-start.log") == "again\n", "of the last run only")
    }

    @Test(arguments: [
        ("exit 3", "'web' ended with exit code 3"), ("echo why >&2; exit 1", "'web' ended with exit code 1: why"),
        ("kill -KILL $$", "'web' was ended by signal 9"),
        ("printf 'a\\033[31mred\\007\\n'; exit 1", "'web' ended with exit code 1: a?[31mred?"),
        ("head -c 3000000 /dev/zero | tr '\\0' 'x'; echo; echo end; exit 1", "'web' ended with exit code 1: end"),
    ])
    func endsAreToldInWordsWithTheLastLine(_ script: String, _ words: String) async throws {
        let host = try TestHost()
        #expect(await run(host, script) == .failed(words))
    }

    @Test func aProgramThatIsMissingIsNamed() async throws {
        let host = try TestHost()
        let outcome = await host.commands.run(["libexec/gone"], purpose: "web-start", limit: .seconds(20))
        guard case .failed(let why) = outcome else {
            Issue.record("it ran")
            return
        }
        #expect(why.contains("cannot run 'libexec/gone'"), "\(why)")
    }

    @Test func aTimeoutEndsTheWholeProcessGroup() async throws {
        let host = try TestHost()
        // The leader ends at once when asked to; its child asks for more.
        let script = "(trap '' TERM; echo $$ >ready; sleep 1000 & echo $! >child; wait) & sleep 1000"
        let outcome = await run(host, script, limit: .seconds(3))
        guard case .failed(let why) = outcome else {
            Issue.record("it ended")
            return
        }
        #expect(why.contains("did not end within 3.00 s"), "\(why)")
        let child = try #require(Int32(try host.read("local/child").filter(\.isNumber)))
        #expect(try await isGone(child))
    }

    /// Whether a process ends soon; it may be dying yet.
    private func isGone(_ process: Int32) async throws -> Bool {
        for _ in 0..<500 {
            if try Processes.startTime(of: process) == nil { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test func aDaemonThatKeepsItsOutputOpenIsNotWaitedFor() async throws {
        let host = try TestHost()
        let clock = ContinuousClock()
        let began = clock.now
        #expect(await run(host, "sleep 1000 & echo $! >daemon") == .succeeded)
        #expect(began.duration(to: clock.now) < .seconds(60))
        let daemon = try #require(Int32(try host.read("local/daemon").filter(\.isNumber)))
        #expect(try Processes.startTime(of: daemon) != nil, "and left alone")
        try await host.shell("kill \(daemon)")
    }

    @Test func aDaemonInheritsNothingOfRoll() async throws {
        let host = try TestHost()
        let lock = try FileLock.acquire(in: host.home.root, name: "lock", contents: "test")
        // Libraries open what they do not close for a program that is run.
        let loose = open("/dev/null", O_RDONLY)
        defer { close(loose) }
        #expect(await run(host, "ls -l /proc/self/fd | wc -l; grep -E '^Sig(Ign|Blk)' /proc/self/status") == .succeeded)
        let lines = try host.read("local.roller/output/web-start.log").split(separator: "\n")
        #expect(lines.count == 3)
        // "total", three standard descriptors and the listing's own.
        #expect(lines.first?.filter(\.isNumber) == "5", "\(lines)")
        for line in lines.dropFirst() {
            // Signals 32 and 33 are the C library's own, which it has ignored in all that it spawns.
            let mask = UInt64(line.split(separator: "\t").last ?? "-", radix: 16)
            #expect(mask.map { $0 & ~(3 << 31) } == 0, "\(line)")
        }
        #expect(try lock.isInPlace(in: host.home.root))
    }

    @Test func commandsRunInThePrefixWithACleanEnvironment() async throws {
        let host = try TestHost()
        #expect(
            await run(host, "pwd; env | sort | cut -d= -f1 | tr '\\n' ' '; echo; echo $ROLLER_PREFIX") == .succeeded)
        let lines = try host.read("local.roller/output/web-start.log").split(separator: "\n")
        #expect(lines.first.map(String.init) == host.prefix.string)
        #expect(lines.dropFirst().first == "HOME LANG PATH PWD ROLLER_PREFIX ")
        #expect(lines.last.map(String.init) == host.prefix.string)
    }

    @Test func aNameWithASlashIsBelowThePrefixAndOneWithoutIsLookedForThereFirst() async throws {
        let host = try TestHost()
        try host.write("#!/bin/sh\necho from the tree\n", to: "local/bin/env", permissions: 0o755)
        for name in ["bin/env", "env"] {
            #expect(await host.commands.run([name], purpose: "x", limit: .seconds(20)) == .succeeded)
            #expect(try host.read("local.roller/output/x.log") == "from the tree\n", "\(name)")
        }
    }

    /// Going back must work on a disk without room for a log.
    @Test func aCommandRunsAlsoWhereItsOutputCannotBeKept() async throws {
        let host = try TestHost()
        try await host.shell("mkdir local.roller/output/web-start.log")
        #expect(await run(host, "echo lost; touch done") == .succeeded)
        #expect(try host.status("local/done") != nil)
    }
}
