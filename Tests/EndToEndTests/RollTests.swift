import LinuxSystem
import SystemPackage
import Testing

@Suite(.serialized, .timeLimit(.minutes(10)))
struct RollTests {
    @Test func aHostBecomesWhatTheRepositorySays() async throws {
        try await withWorld { world in
            let first = try await world.roll()
            #expect(first.code == 0, "\(first)")
            #expect(await world.page()?.contains("Every change is a commit.") == true)
            #expect(try world.read(world.prefix.appending("etc/site.json")).contains("\(world.port)"))

            let process = try world.webProcess()
            let second = try await world.roll("--detailed-exitcode")
            #expect(second.code == 0, "nothing changed: \(second)")
            #expect(try world.webProcess() == process, "a roll without a change leaves the service alone")
        }
    }

    @Test func aReleaseOfThatHostReplacesTheTreeAndRestartsTheService() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            let plan = try await world.roll("plan")
            #expect(plan.output.contains("-<p>Every change is a commit.</p>"), "\(plan)")
            #expect(plan.output.contains("+<p>Another motto.</p>"), "\(plan)")
            #expect(plan.output.contains("web: restart, because share/www/index.html changed"), "\(plan)")
            #expect(await world.page()?.contains("Every change is a commit.") == true, "a plan changes nothing")

            #expect(try await world.roll().code == 0)
            #expect(await world.page()?.contains("Another motto.") == true)
        }
    }

    @Test func aFailingCheckBringsTheGenerationBeforeBack() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await world.shell("git", "rm", "-q", "files/web/share/www/healthz")
            try await world.commit("Forget the health page")
            try await world.release()
            let failed = try await world.roll("--json")
            #expect(failed.code == 14, "\(failed)")
            #expect(failed.output.contains("\"exit\": 14"), "\(failed)")
            #expect(await world.page()?.contains("web@1") == true)

            let again = try await world.roll()
            #expect(again.code == 18, "a bundle that failed is not tried again: \(again)")
            let insisted = try await world.roll("--retry-rejected")
            #expect(insisted.code == 14, "\(insisted)")
            try await world.pin("web@1")
            #expect(try await world.roll().code == 0, "a revert passes")
        }
    }

    @Test func aRefusingValidatorLeavesServicesAlone() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let process = try world.webProcess()
            try world.edit("files/web/etc/site.json.mustache", "{\"host\"", "{broken \"host\"")
            try await world.commit("Break the site's configuration")
            try await world.release()
            let refused = try await world.roll()
            #expect(refused.code == 13, "\(refused)")
            #expect(refused.errors.contains("the validator of 'web' refuses the new tree"), "\(refused)")
            #expect(try world.webProcess() == process)
            #expect(await world.page()?.contains("web@1") == true)
        }
    }

    @Test func aPackageWithOtherBytesInTheStoreIsRefused() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let process = try world.webProcess()
            // A new version of a package is published and released; then somebody changes its bytes behind the server's back.
            try await world.shell(
                "sh", "-c",
                """
                echo more >../trees/busybox/bin/more
                rollerctl package build ../trees/busybox --name busybox --version 1.35.1 --platform debian-12-x86_64 --output ../packages
                rollerctl package publish --server \(world.server) --token-file ../token ../packages/busybox-1.35.1-*.manifest
                sed -i 's/busybox: 1.35.0/busybox: 1.35.1/' hostclasses/web.yml hostclasses/batch.yml
                rollerctl lock --server \(world.server)
                """)
            try await world.commit("A newer busybox")
            try await world.release()
            try await world.shell(
                "sh", "-c",
                """
                archive=$(find \(world.store) -path '*1.35.1*' -name archive)
                printf X | dd of="$archive" bs=1 seek=1000 conv=notrunc 2>/dev/null
                """)
            let refused = try await world.roll()
            #expect(refused.code == 12, "\(refused)")
            #expect(refused.errors.contains("is not what the lock in git says"), "\(refused)")
            #expect(try world.webProcess() == process)
            #expect(await world.page()?.contains("web@1") == true)
        }
    }

    @Test func twoPrefixesWithTheSameClassAndSettingsHoldTheSameTree() async throws {
        try await withWorld { world in
            // A class without services: the two would want one port, and their kept data differs while they run.
            let bastion = "bastion-01.snc1.example.com"
            for name in ["one", "two"] {
                try await world.shell("mkdir", "-p", world.root.appending("\(name)/usr/local").string)
                let result = try await run(
                    "roll",
                    [
                        "--prefix", world.root.appending("\(name)/usr/local").string, "--server", world.server,
                        "--host", bastion,
                    ], in: world.root)
                #expect(result.code == 0, "\(result)")
            }
            let difference = try await run(
                "diff", ["-r", "--no-dereference", "one/usr/local", "two/usr/local"], in: world.root)
            #expect(difference.code == 0 && difference.output.isEmpty, "\(difference)")
            let modes = try await run(
                "sh",
                [
                    "-c",
                    "for p in one two; do (cd $p/usr/local && find . -printf '%p %m %U %G %y %l\\n' | sort) >$p.list; done; diff one.list two.list",
                ], in: world.root)
            #expect(modes.code == 0, "\(modes)")
        }
    }

    @Test func rollbackNeedsNoServerAndIsNotUndoneByTheNextRoll() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            #expect(try await world.roll().code == 0)
            let back = try await world.roll("rollback")
            #expect(back.code == 0, "\(back)")
            #expect(await world.page()?.contains("Every change is a commit.") == true)
            let next = try await world.roll()
            #expect(next.code == 18, "\(next)")
        }
    }

    @Test func aTreeThatRollerDidNotMakeNeedsAdoption() async throws {
        try await withWorld { world in
            try await world.shell("sh", "-c", "mkdir -p \(world.prefix)/bin && echo mine >\(world.prefix)/bin/mine")
            let refused = try await world.roll()
            #expect(refused.code == 18, "\(refused)")
            #expect(try world.read(world.prefix.appending("bin/mine")) == "mine\n")
            let adopted = try await world.roll("--adopt")
            #expect(adopted.code == 0, "\(adopted)")
            let back = try await world.roll("rollback", "0")
            #expect(back.code == 0, "\(back)")
            #expect(try world.read(world.prefix.appending("bin/mine")) == "mine\n")
            #expect(await world.page() == nil, "the service of the class stops with its generation")
        }
    }

    @Test func aSecondRollAtTheSameTimeIsTurnedAway() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let lock = try FileLock.acquire(in: Directory.open(world.home), name: "lock", contents: "the test")
            let second = try await world.roll()
            #expect(second.code == 17, "\(second)")
            #expect(second.errors.contains("the test"), "\(second)")
            #expect(try lock.isInPlace(in: Directory.open(world.home)))
        }
    }

    @Test func aServerThatIsAwayChangesNothing() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let away = try await run(
                "roll", ["--prefix", world.prefix.string, "--server", "http://127.0.0.1:1", "--host", world.host],
                in: world.root)
            #expect(away.code == 11, "\(away)")
            #expect(await world.page()?.contains("web@1") == true)
        }
    }

    @Test func theDatacentersServersAreRememberedAndTheOneThatAnsweredIsKept() async throws {
        try await withWorld { world in
            try world.edit("datacenters/snc1.yml", "config-servers: [", "config-servers: [\"http://127.0.0.1:1\", ")
            try await world.commit("Another server, which is away")
            try await world.push()
            #expect(try await world.roll().code == 0)
            let status = try await world.roll("status")
            #expect(status.output.contains("- http://127.0.0.1:1\n"), "\(status)")
            #expect(status.output.contains("- \(world.server)\n"), "\(status)")
            let next = try await run("roll", ["--prefix", world.prefix.string], in: world.root)
            #expect(next.code == 0, "the first server is away, and another answers: \(next)")
        }
    }
}
