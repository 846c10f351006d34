import LinuxSystem
import SystemPackage
import Testing

/// Holds, trials, the end of Roller on a host, and files that somebody wrote to in place.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct KeepingTests {
    private func rollMotto(_ world: World, _ old: String, _ new: String, _ arguments: [String]) async throws {
        try world.edit("hostclasses/web.yml", old, new)
        try await world.commit(new)
        try await world.release()
        let result = try await run(
            "roll",
            arguments + ["--prefix", world.prefix.string, "--server", world.server, "--host", world.host],
            in: world.root)
        #expect(result.code == 0, "\(result)")
    }

    @Test func aWriteInPlaceDoesNotReachTheNextGeneration() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let jq = world.prefix.appending("bin/jq")
            let whole = try world.read(jq)
            try await world.shell("sh", "-c", "printf evil >>\(jq)")
            #expect(try world.read(jq) != whole)
            try await rollMotto(world, "Every change is a commit.", "Another motto.", [])
            #expect(try world.read(jq) == whole)
            let gc = try await world.roll("gc", "--dry-run")
            #expect(gc.code == 0 && gc.output.contains("Nothing to remove."), "\(gc)")
        }
    }

    @Test func whatNobodyKeepsGivesWay() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await rollMotto(world, "Every change is a commit.", "Tried.", ["try", "--for", "1s"])
            // Its own timer may come first, and hold the lock meanwhile.
            while await world.page()?.contains("Tried.") != false { _ = try await world.roll("recover", "--wait") }
            #expect(await world.page()?.contains("Every change is a commit.") == true)
            _ = try await world.roll("recover", "--wait")
            let again = try await world.roll()
            #expect(again.code == 18 && again.errors.contains("nobody kept it"), "\(again)")
        }
    }

    @Test func whatIsKeptStaysAndOtherRollsWaitUntilThen() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await rollMotto(world, "Every change is a commit.", "Tried.", ["try", "--for", "1d"])
            let other = try await world.roll()
            #expect(other.code == 17 && other.errors.contains("on trial"), "\(other)")
            #expect(try await world.roll("keep").code == 0)
            #expect(try await world.roll("keep").code == 18, "there is no trial any more")
            #expect(try await world.roll().code == 0)
            #expect(await world.page()?.contains("Tried.") == true)
        }
    }

    @Test func aHeldHostIsNotRolledAndSaysWhy() async throws {
        try await withWorld { world in
            #expect(try await world.roll("hold", "--for", "1h", "--reason", "disk swap").code == 0)
            let held = try await world.roll("--json")
            #expect(held.code == 17 && held.errors.contains("disk swap"), "\(held)")
            #expect(held.output.contains("\"heldReason\": \"disk swap\""), "\(held)")
            #expect(try await world.roll("unhold").code == 0)
            #expect(try await world.roll().code == 0)
        }
    }

    @Test func uninstallLeavesAPlainTreeWhoseServicesGoOn() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let process = try world.webProcess()
            #expect(try await world.roll("uninstall").code == 18, "not without --yes")
            let result = try await world.roll("uninstall", "--yes")
            #expect(result.code == 0, "\(result)")
            let host = try Directory.open(world.root.appending("host/usr"))
            #expect(try host.entries().map(\.name) == ["local"])
            #expect(try host.status(of: "local/.roller") == nil)
            #expect(try world.read(world.prefix.appending("var/run/web.pid")).contains(process))
            #expect(await world.page() != nil)
            try await world.shell("kill", process)
        }
    }
}
