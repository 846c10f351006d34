import LinuxSystem
import SystemPackage
import Testing

/// Kills rolls with SIGKILL and looks at what they leave.
@Suite(.serialized, .timeLimit(.minutes(30)))
struct KillTests {
    /// System calls that change a file system or a process: what strace is told to count and to kill at.
    private static let calls =
        "renameat2,renameat,rename,mkdirat,mkdir,linkat,symlinkat,unlinkat,unlink,fsync,fdatasync,syncfs,pwrite64,fallocate,clone,clone3,vfork,execve"

    @Test(.enabled("strace may not trace here") { try await canTrace() })
    func aRollKilledAnywhereLeavesOneWholeTreeAndTheNextOneEndsWell() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            let other = try await world.release()
            let releases = ["web@1", other]
            // The two trees as they should be, put together without roll.
            for (name, release) in zip(["first", "second"], releases) { try await expected(world, name, release) }

            let points = try await killPoints(world, atMost: 48)
            #expect(points.count > 20, "there is little to kill at: \(points)")
            var live = 1  // `killPoints` left the second release live
            var ends: [Int32] = []
            for (round, point) in points.enumerated() {
                let target = 1 - live
                try await world.pin(releases[target])
                ends.append(try await rollKilled(world, at: point))
                let left = try await liveTree(world)
                #expect(left != nil, "killed at \(point): the tree at the prefix is neither of the two, whole")

                // Every other time by hand first, as at boot without a network.
                if round.isMultiple(of: 2) {
                    let recovered = try await world.roll("recover")
                    #expect(recovered.code == 0, "killed at \(point): \(recovered)")
                    let now = try await liveTree(world)
                    #expect(now != nil, "recovered after \(point)")
                    #expect(
                        await world.page()?.contains(now.map { releases[$0] } ?? "-") == true,
                        "killed at \(point), recovered: the service of the live tree answers")
                }
                // Where a service's own command was killed, the roll went back, and remembers that bundle as one that failed.
                let next = try await world.roll("--retry-rejected")
                #expect(next.code == 0, "killed at \(point): \(next)")
                #expect(try await liveTree(world) == target, "killed at \(point), rolled again")
                #expect(
                    await world.page()?.contains(releases[target]) == true,
                    "killed at \(point), rolled again: the service answers from the new tree")
                live = target
            }
            #expect(
                ends.count { $0 == 137 } >= 20,
                "too few rolls were killed themselves; at \(points) they ended with \(ends)")
        }
    }

    /// In each step a call that only it makes, on a path that only it touches.
    private static let steps: [(step: String, path: @Sendable (World) -> String, call: String)] = [
        ("stop", { "\($0.home)/output/web-stop.log" }, "openat"),
        ("start", { "\($0.home)/output/web-start.log" }, "openat"),
        ("check", { "\($0.prefix.removingLastComponent())" }, "fsync"),
        ("commit", { "\($0.home)" }, "fsync"),
    ]

    @Test(.enabled("strace may not trace here") { try await canTrace() }, arguments: steps.indices)
    func aRollKilledInAnyStepGoesBackOrIsCommitted(_ index: Int) async throws {
        let (step, path, call) = Self.steps[index]
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            let release = try await world.release()
            let traced = try await run(
                "sh",
                [
                    "-c",
                    """
                    strace -D -f -qq -o calls -P \(path(world)) -e trace=\(call) -e inject=\(call):signal=KILL:when=1 \
                        roll --quiet --prefix \(world.prefix) --server \(world.server) --host \(world.host)
                    """,
                ], in: world.root)
            #expect(traced.code == 137, "\(step): \(traced)")
            let recovered = try await world.roll("recover")
            #expect(recovered.code == 0, "\(step): \(recovered)")
            let expected = step == "commit" ? release : "web@1"
            #expect(await world.page()?.contains(expected) == true, "\(step)")
            #expect(try await world.roll().code == 0)
            #expect(await world.page()?.contains(release) == true, "\(step)")
        }
    }

    static func canTrace() async throws -> Bool {
        try await run("strace", ["-f", "-o", "/dev/null", "true"], in: "/").code == 0
    }

    /// Puts together what the tree of `release` should hold, out of its packages and the server's files, as `name`-expected.
    private func expected(_ world: World, _ name: String, _ release: String) async throws {
        try await world.pin(release)
        let made = try await run(
            "sh",
            [
                "-c",
                """
                set -e
                mkdir -p \(name)-expected
                for package in busybox jq; do tar -C \(name)-expected -xf packages/$package-*.tar.zst; done
                for file in $(curl -fsS '\(world.server)/v1/hosts/\(world.host)/files?format=json' | jq -r '.[]?.path // .files[].path'); do
                    mkdir -p \(name)-expected/$(dirname $file)
                    curl -fsS -o \(name)-expected/$file '\(world.server)/v1/hosts/\(world.host)/files/'$file
                done
                """,
            ], in: world.root)
        #expect(made.code == 0, "\(made)")
    }

    /// Which of the two expected trees is at the prefix, whole; nil for neither.
    private func liveTree(_ world: World) async throws -> Int? {
        for (number, name) in ["first", "second"].enumerated() {
            let difference = try await run(
                "diff",
                ["-r", "--no-dereference", "-x", ".roller", "-x", "var", "\(name)-expected", world.prefix.string],
                in: world.root)
            if difference.code == 0 { return number }
        }
        return nil
    }

    /// A system call, and which one of its kind in its thread, from 1.
    private struct KillPoint: CustomStringConvertible {
        let call: Substring
        let number: Int
        var description: String { "\(call) \(number)" }
    }

    /// Rolls under strace, which kills whoever comes to `point`: roll, or a command of it. It may end before that too.
    /// - Returns: How roll ended; 137 when it was killed itself.
    private func rollKilled(_ world: World, at point: KillPoint) async throws -> Int32 {
        try await traced(world, "-o /dev/null -e inject=\(point.call):signal=KILL:when=\(point.number)")
    }

    /// Rolls to the other release, and tells where such a roll can be killed: points spread over all it does.
    private func killPoints(_ world: World, atMost limit: Int) async throws -> [KillPoint] {
        try await traced(world, "-o calls")
        // strace counts the calls of each kind by thread.
        var counts: [Substring: [Substring: Int]] = [:]
        for line in try world.read(world.root.appending("calls")).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let name = words[1].split(separator: "(").first, words[1].contains("(") else {
                continue
            }
            counts[name, default: [:]][words[0], default: 0] += 1
        }
        let all = counts.sorted { $0.key < $1.key }.flatMap { call, threads in
            (1...(threads.values.max() ?? 1)).map { KillPoint(call: call, number: $0) }
        }
        let step = max(1, (all.count + limit - 1) / limit)
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }

    /// Rolls with strace beside it (-D), which goes on with the service when the roll is over and ends with it.
    @discardableResult
    private func traced(_ world: World, _ options: String) async throws -> Int32 {
        try await run(
            "sh",
            [
                "-c",
                """
                strace -D -f -qq -e trace=\(Self.calls) \(options) roll --quiet --prefix \(world.prefix) \
                    --server \(world.server) --host \(world.host) >/dev/null 2>&1
                """,
            ], in: world.root
        ).code
    }
}
