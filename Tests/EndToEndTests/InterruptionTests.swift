import LinuxSystem
import RollerCore
import SystemPackage
import Testing

/// Rolls that are killed while a service is down, and what is told and done about them.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct InterruptionTests {
    /// Releases a web server whose start waits while the file `hold` is there, and says so in the file `held`.
    private func releaseOneThatHolds(_ world: World, motto: String) async throws {
        let start =
            "[ -e \(world.root)/hold ] && { echo $$ >\(world.root)/held; while [ -e \(world.root)/hold ]; do bin/busybox usleep 9000; done; }; exec $daemon"
        try world.edit("files/web/libexec/web.mustache", "    exec $daemon -S", "    \(start) -S")
        try await world.shell("chmod", "+x", "files/web/libexec/web.mustache")
        try await world.commit(motto)
        try await world.release()
    }

    /// Rolls until a start is held, and runs `command` there, before roll is killed.
    private func rollKilledInItsStart(_ world: World, then command: String = "true") async throws -> CommandResult {
        let result = try await run(
            "sh",
            [
                "-c",
                """
                rm -f held; touch hold
                roll --quiet --prefix \(world.prefix) --server \(world.server) --host \(world.host) --retry-rejected &
                roll=$!
                until [ -s held ] && grep -q "^$(cat held) " \(world.home)/running; do kill -0 $roll || exit 99; done
                \(command); code=$?
                kill -9 $roll; wait $roll
                exit $code
                """,
            ], in: world.root)
        return result
    }

    @Test func statusTellsARollUnderWayFromOneThatWasCutOff() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await releaseOneThatHolds(world, motto: "Hold")
            let during = try await rollKilledInItsStart(world, then: "roll status --prefix \(world.prefix)")
            #expect(during.code == 0 && during.output.contains("a roll is under way"), "\(during)")
            let after = try await world.roll("status")
            #expect(after.code == 16 && after.output.contains("run `roll recover`"), "\(after)")
            #expect(try await world.roll("recover").code == 0)
            #expect(try await world.roll("status").code == 0)
        }
    }

    @Test func theCommandOfAKilledRollIsEndedBeforeRecoveryStartsServices() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await releaseOneThatHolds(world, motto: "Hold")
            _ = try await rollKilledInItsStart(world)
            let held = try world.read(world.root.appending("held")).filter(\.isNumber)
            #expect(try Directory.open("/proc").status(of: held) != nil, "the start outlives the roll")
            let recovered = try await world.roll("recover")
            #expect(recovered.code == 0, "\(recovered)")
            let left = try Processes.startTime(of: Int32(held) ?? 0)
            try await world.shell("rm", world.root.appending("hold").string)
            #expect(left == nil, "the start lives on")
            #expect(await world.page()?.contains("web@1") == true)
        }
    }

    @Test func aRollThatWasCutOffHasAReceiptAndItsBundleIsRejectedTheSecondTime() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await releaseOneThatHolds(world, motto: "Hold")
            _ = try await rollKilledInItsStart(world)
            #expect(try await world.roll("recover").code == 0)
            let history = try await world.roll("history")
            #expect(history.output.contains("exit 14: the roll was interrupted"), "\(history)")
            try await world.shell("rm", world.root.appending("hold").string)
            let planned = try await world.roll("plan")
            #expect(planned.code == 0, "one power cut proves nothing: \(planned)")

            _ = try await rollKilledInItsStart(world)
            #expect(try await world.roll("recover").code == 0)
            try await world.shell("rm", world.root.appending("hold").string)
            let refused = try await world.roll()
            #expect(refused.code == 18 && refused.errors.contains("interrupted twice"), "\(refused)")
            #expect(try await world.roll("--retry-rejected").code == 0)
        }
    }

    @Test func aRejectionThatTheDiskHadNoRoomForIsInTheJournal() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await world.shell("git", "rm", "-q", "files/web/share/www/healthz")
            try await world.commit("Forget the health page")
            try await world.release()
            #expect(try await world.roll().code == 14)
            try await world.shell("sh", "-c", "rm \(world.home)/rejected/*")
            let process = try world.webProcess()
            let again = try await world.roll()
            #expect(again.code == 18, "\(again)")
            #expect(try world.webProcess() == process)
        }
    }

    @Test func aLimitOfFileSizesEndsNoRoll() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            let rolled = try await run(
                "bash",
                [
                    "-c",
                    "ulimit -f 1; exec env --default-signal=XFSZ roll --prefix \(world.prefix) --server \(world.server) --host \(world.host)",
                ],
                in: world.root)
            #expect(rolled.code < 128, "\(rolled)")
            #expect(await world.page() != nil)
            #expect(try await world.roll("--retry-rejected").code == 0)
        }
    }
}
