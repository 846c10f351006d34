import LinuxSystem
import SystemPackage
import Testing

/// What rolls leave behind, and where a tree cannot be exchanged.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct CollectionTests {
    private func generations(_ world: World) throws -> [String] {
        try Directory.open(world.home.appending("generations")).entries().map(\.name)
    }

    private func rollAnother(_ world: World, _ number: Int) async throws {
        try world.edit(
            "hostclasses/web.yml", number == 0 ? "Every change is a commit." : "Motto \(number).",
            "Motto \(number + 1).")
        try await world.commit("Motto \(number + 1)")
        try await world.release()
        let result = try await world.roll()
        #expect(result.code == 0, "\(result)")
    }

    @Test func earlierTreesGoWhenNobodyStandsOnThem() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "jq: 1.6}", "jq: 1.6, tree: 2.1.0}")
            try await world.shell("rollerctl", "lock", "--server", world.server)
            try await rollAnother(world, 0)
            #expect(try Directory.open(world.home.appending("packages")).entries().count == 3)
            try world.edit("hostclasses/web.yml", "jq: 1.6, tree: 2.1.0}", "jq: 1.6}")
            try await world.shell("rollerctl", "lock", "--server", world.server)
            // Somebody works in the second tree.
            let script = "cd \(world.prefix)/bin && exec setsid sleep 600 >/dev/null 2>&1 & echo $!"
            let sleeper = try await world.shell("sh", "-c", script).filter(\.isNumber)
            for number in 1...5 { try await rollAnother(world, number) }
            let left = try generations(world)
            try await world.shell("kill", sleeper)
            #expect(left == ["0", "2", "2.json", "4", "4.json", "5", "5.json", "6", "6.json", "7.json"])
            #expect(
                try Directory.open(world.home.appending("packages")).entries().count == 3,
                "what a kept tree was made from is kept")

            try await rollAnother(world, 6)
            #expect(try generations(world) == ["0", "5", "5.json", "6", "6.json", "7", "7.json", "8.json"])
            #expect(try Directory.open(world.home.appending("packages")).entries().count == 2)
            let back = try await world.roll("rollback", "5")
            #expect(back.code == 0, "\(back)")
            #expect(await world.page()?.contains("Motto 4.") == true)
        }
    }

    @Test(
        .enabled("needs root") { try await run("unshare", ["-m", "true"], in: "/").code == 0 },
        arguments: [
            "mount --bind $P $P", "mount --bind $P $P && mount -o remount,ro,bind $P",
            "mkdir -p $P/data && mount -t tmpfs none $P/data",
        ])
    func aPrefixWithMountsIsRefusedBeforeAnythingIsFetched(_ mounting: String) async throws {
        try await withWorld { world in
            let before = try await listing(world.prefix)
            for command in ["plan", "apply"] {
                let result = try await run(
                    "unshare",
                    [
                        "-m", "sh", "-c",
                        "P=\(world.prefix); \(mounting) && roll \(command) --adopt --prefix $P --server \(world.server) --host \(world.host)",
                    ], in: world.root)
                #expect(result.code == 18, "\(result)")
                #expect(result.errors.contains("a file system is mounted there"), "\(result)")
                // A plan shows what there is to do all the same, and fetches for it.
                #expect(command == "plan" || !result.errors.contains("download"), "\(result)")
            }
            if !mounting.contains("mkdir") { #expect(try await listing(world.prefix) == before) }
        }
    }
}
