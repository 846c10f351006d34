import LinuxSystem
import SystemPackage
import Testing

/// The record of a generation, and hosts that lost it.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct LostRecordTests {
    private func releaseAnother(_ world: World) async throws {
        try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
        try await world.commit("Another motto")
        try await world.release()
    }

    @Test func aHostWhoseRecordIsEmptyCanRollAgain() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await world.shell("truncate", "-s", "0", "\(world.home)/generations/1.json")
            #expect(try await world.roll("status").code == 0)
            try await releaseAnother(world)
            let rolled = try await world.roll()
            #expect(rolled.code == 0, "\(rolled)")
            #expect(rolled.errors.contains("warning: cannot read \(world.home)/generations/1.json"), "\(rolled)")
            #expect(rolled.errors.contains("what the live tree was made from is not known"), "\(rolled)")
            #expect(await world.page()?.contains("Another motto.") == true)
        }
    }

    @Test func aHostWhoseRecordIsEmptyCanRollBack() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await releaseAnother(world)
            #expect(try await world.roll().code == 0)
            try await world.shell("truncate", "-s", "0", "\(world.home)/generations/2.json")
            let back = try await world.roll("rollback")
            #expect(back.code == 0, "\(back)")
            #expect(await world.page()?.contains("Every change is a commit.") == true)
            let lost = try await world.roll("rollback", "2")
            #expect(
                lost.code == 11 && lost.errors.contains("hint: nothing was changed; roll back to another"), "\(lost)")
        }
    }

    /// What is renamed before the one sync of a roll is on disk with it; what is renamed later may be empty after a power cut.
    @Test(.enabled("strace may not trace here") { try await KillTests.canTrace() })
    func theRecordIsWrittenBeforeTheSyncThatBringsItToDisk() async throws {
        try await withWorld { world in
            let rolled = try await run(
                "sh",
                [
                    "-c",
                    """
                    strace -D -f -qq -e trace=rename,renameat,renameat2,syncfs -o calls roll --quiet \
                        --prefix \(world.prefix) --server \(world.server) --host \(world.host)
                    """,
                ], in: world.root)
            #expect(rolled.code == 0, "\(rolled)")
            let calls = try world.read(world.root.appending("calls")).split(separator: "\n")
            let record = try #require(calls.firstIndex { $0.contains("\"1.json\"") })
            let sync = try #require(calls.firstIndex { $0.contains("syncfs(") })
            #expect(record < sync, "\(calls)")
        }
    }
}
