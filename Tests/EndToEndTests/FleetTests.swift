import LinuxSystem
import SystemPackage
import Testing

/// What hosts do reaches the server, and what the server says of them is what they did.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct FleetTests {
    private func roll(_ world: World, _ token: String) async throws -> CommandResult {
        try await world.roll("--token-file", world.root.appending(token).string)
    }

    private func wait(_ world: World, _ release: String, _ timeout: String = "1m") async throws -> CommandResult {
        let name = String(release.split(separator: "@").last ?? "")
        return try await run(
            "rollerctl",
            [
                "wait", "--server", world.server, "--class", "web", "--release", name, "--timeout", timeout,
                "--interval", "200ms",
            ], in: world.root)
    }

    private func fleet(_ world: World) async throws -> CommandResult {
        try await run("rollerctl", ["fleet", "--server", world.server, "--class", "web"], in: world.root)
    }

    @Test func aReleaseArrivesAndWaitingForItEnds() async throws {
        try await withWorld { world in
            // The demo's web class on this one host alone, so that all of its hosts can be rolled here.
            let others =
                "for f in $(grep -l 'hostclass: web@' hosts/*); do [ $f = hosts/\(world.host).yml ] || rm $f; done"
            try await world.shell("sh", "-c", others)
            try await world.commit("One web host")
            try await world.push()
            let early = try await wait(world, "web@1", "0s")
            #expect(early.code == 1 && early.output.contains("1 silent"), "\(early)")

            let first = try await roll(world, "receipts-token")
            #expect(first.code == 0, "\(first)")
            let arrived = try await wait(world, "web@1")
            #expect(arrived.code == 0, "\(arrived)")

            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            let release = try await world.release()
            let behind = try await wait(world, release, "0s")
            #expect(behind.code == 1, "the host has not rolled yet: \(behind)")
            #expect(try await roll(world, "receipts-token").code == 0)
            #expect(try await wait(world, release).code == 0)

            try await world.shell("git", "rm", "-q", "files/web/share/www/healthz")
            try await world.commit("Forget the health page")
            let broken = try await world.release()
            let failed = try await roll(world, "receipts-token")
            #expect(failed.code == 14, "\(failed)")
            let seen = try await fleet(world)
            #expect(seen.code == 1 && seen.output.contains("1 rolled-back"), "\(seen)")
            let again = try await roll(world, "receipts-token")
            #expect(again.code == 18, "\(again)")
            let still = try await fleet(world)
            #expect(still.output.contains("1 rolled-back"), "what is not tried again is still rolled back: \(still)")
            #expect(try await wait(world, broken, "0s").code == 1)
        }
    }

    @Test func whatCouldNotBeSentIsSentByTheNextRoll() async throws {
        try await withWorld { world in
            let first = try await roll(world, "token")
            #expect(first.code == 0, "a receipt that is not taken fails no roll: \(first)")
            #expect(first.errors.contains("kept to be sent later"), "\(first)")
            #expect(try Directory.open(world.home).openDirectory("outbox").entries().count == 1)
            // A no-op that has nothing new to say rests for a while; news take what waits along.
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            #expect(try await roll(world, "receipts-token").code == 0)
            #expect(try Directory.open(world.home).openDirectory("outbox").entries().isEmpty)
            let history = try await world.shell(
                "curl", "-fsS", "\(world.server)/v1/hosts/\(world.host)/history?format=json")
            #expect(history.split(separator: "\"id\"").count == 3, "both, and each once: \(history)")
        }
    }

    @Test func nothingIsSentWhereThatIsNotWanted() async throws {
        try await withWorld { world in
            let rolled = try await world.roll("--no-report")
            #expect(rolled.code == 0, "\(rolled)")
            #expect(try Directory.open(world.home).status(of: "outbox") == nil)
        }
    }
}
