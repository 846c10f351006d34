import LinuxSystem
import SystemPackage
import Testing

/// Signals while roll is at work.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SignalTests {
    /// Rolls, sends signals once roll says `word` and `file` is there, and tells how it ended: 128 and the signal's number for one killed.
    private func roll(
        _ world: World, whenItSays word: String, send signals: [String], once file: FilePath = "/",
        ignoring ignored: [String] = []
    ) async throws -> CommandResult {
        let program = """
            import os, signal, subprocess, sys, time
            def begin():
                for name in \(ignored): signal.signal(getattr(signal, name), signal.SIG_IGN)
            process = subprocess.Popen(["roll", "--prefix", "\(world.prefix)", "--server", "\(world.server)",
                "--host", "\(world.host)"], stderr=subprocess.PIPE, text=True, preexec_fn=begin)
            for line in process.stderr:
                sys.stderr.write(line)
                if line.startswith("\(word)"):
                    while not os.path.exists("\(file)"): time.sleep(0.005)
                    for name in \(signals): process.send_signal(getattr(signal, name))
            code = process.wait()
            sys.exit(code if code >= 0 else 128 - code)
            """
        return try await run("python3", ["-c", program], in: world.root)
    }

    private static let all = ["SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP"]

    @Test func fromTheExchangeOnTheyDoNotEndIt() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("files/web/libexec/web.mustache", "    exec $daemon", "    sleep 0.5; exec $daemon")
            try await world.shell("chmod", "+x", "files/web/libexec/web.mustache")
            try await world.commit("Start slowly")
            let release = try await world.release()
            let result = try await roll(world, whenItSays: "check", send: Self.all)
            #expect(result.code == 0, "\(result)")
            #expect(await world.page()?.contains(release) == true)
            try await expectNothingIgnored(world)
        }
    }

    /// While the service is stopping, which takes it a second.
    @Test(arguments: ["SIGINT", "SIGTERM", "SIGHUP"])
    func untilTheExchangeTheyEndItAndWhatWasStoppedRunsAgain(_ signal: String) async throws {
        try await withWorld { world in
            try world.edit(
                "files/web/libexec/web.mustache", "    $daemon -K", "    touch var/run/stopping; sleep 1; $daemon -K")
            try await world.shell("chmod", "+x", "files/web/libexec/web.mustache")
            try await world.commit("Stop slowly")
            let release = try await world.release()
            #expect(try await world.roll().code == 0)
            let before = try await listing(world.prefix, sharing: true)
            let process = try world.webProcess()
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            let result = try await roll(
                world, whenItSays: "service", send: [signal], once: world.home.appending("keep/var/run/stopping"))
            #expect(result.code == 14, "\(result)")
            #expect(result.errors.contains("\(signal) came before the trees were exchanged"), "\(result)")
            #expect(try await listing(world.prefix, sharing: true) == before)
            #expect(await world.page()?.contains(release) == true)
            #expect(try world.webProcess() != process, "it was stopped")
            let next = try await world.roll()
            #expect(next.code == 0, "nothing was wrong with the bundle: \(next)")
        }
    }

    @Test(arguments: [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)] as [(String, Int32)])
    func beforeThatTheyEndItWithNothingChanged(_ signal: String, _ code: Int32) async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let before = try await listing(world.prefix, sharing: true)
            let process = try world.webProcess()
            try world.edit(
                "hostclasses/web.yml", "validate: [bin/jq, -e, .port, etc/site.json]",
                "validate: [bin/busybox, sleep, \"1\"]")
            try await world.commit("Validate slowly")
            try await world.release()
            let result = try await roll(world, whenItSays: "validate", send: [signal])
            #expect(result.code == code, "\(result)")
            #expect(try await listing(world.prefix, sharing: true) == before)
            #expect(try world.webProcess() == process)
            let next = try await world.roll()
            #expect(next.code == 0, "\(next)")
        }
    }

    @Test func whatRollWasToldToIgnoreItsServicesAreNot() async throws {
        try await withWorld { world in
            let result = try await roll(world, whenItSays: "service", send: ["SIGHUP"], ignoring: Self.all)
            #expect(result.code == 0, "\(result)")
            try await expectNothingIgnored(world)
        }
    }

    @Test func aReaderThatGoesAwayDoesNotEndIt() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            let result = try await run(
                "bash",
                [
                    "-c",
                    "roll --prefix \(world.prefix) --server \(world.server) --host \(world.host) 2>&1 >/dev/null | head -n 1; exit ${PIPESTATUS[0]}",
                ], in: world.root)
            #expect(result.code == 0, "\(result)")
            #expect(await world.page()?.contains("Another motto.") == true)
        }
    }

    private func expectNothingIgnored(_ world: World) async throws {
        let status = try world.read(FilePath("/proc/\(try world.webProcess())/status"))
        for field in ["SigIgn:", "SigBlk:"] {
            let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
            let mask = try #require(UInt64(line?.split(separator: "\t").last ?? "-", radix: 16))
            // The web server itself ignores the pipes that its clients break; 32 and 33 are the C library's own.
            #expect(mask & 0x5003 == 0, "\(field) \(mask)")
        }
    }
}
