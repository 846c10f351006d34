import LinuxSystem
import RollerCore
import SystemPackage
import Testing

/// How `roll` speaks, ends and refuses.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ApplyTests {
    @Test(arguments: [[], ["--server", "http://127.0.0.1:1"], ["--host", "web-01.example.com"]] as [[String]])
    func withoutHostOrServerNothingIsMade(_ arguments: [String]) async throws {
        let root = try makeTemporaryFolder()
        defer { _ = try? Directory.open("/tmp", followingLinks: true).removeTree(root.lastComponent?.string ?? "-") }
        try Directory.open(root).makeDirectory("local")
        for command in [[], ["plan"]] as [[String]] {
            let result = try await run(
                "roll", command + ["--prefix", root.appending("local").string] + arguments, in: root)
            #expect(result.code == 10, "\(result)")
            #expect(result.errors.contains("hint: say it once with --"), "\(result)")
        }
        #expect(try Directory.open(root).entries().map(\.name) == ["local"])
    }

    @Test func aHostThatIsNotKnownIsToldWithTheServersHintAndStillPrintsItsReceipt() async throws {
        try await withWorld { world in
            let result = try await run(
                "roll",
                [
                    "--json", "--prefix", world.prefix.string, "--server", world.server, "--host",
                    "web-09.snc1.example.com",
                ], in: world.root)
            #expect(result.code == 11, "\(result)")
            #expect(result.errors.contains("answered 404"), "\(result)")
            #expect(result.errors.contains("hint: did you mean 'web-0"), "\(result)")
            let receipt = try readJSON(Array(result.output.utf8), as: Receipt.self)
            #expect(receipt.exit == .configOrServer && !receipt.changed)
            let kept = try await world.roll("history")
            #expect(kept.output.contains(receipt.id) && kept.output.contains("exit 11"), "\(kept)")
        }
    }

    @Test func aBundleForAnotherHostIsRefused() async throws {
        try await withWorld { world in
            let result = try await run(
                "sh",
                [
                    "-c",
                    """
                    mkdir -p fake/v1/hosts/\(world.host)
                    curl -fsS -H 'Accept: application/json' -o fake/v1/hosts/\(world.host)/bundle \
                        \(world.server)/v1/hosts/web-02.snc1.example.com/bundle
                    python3 -u -m http.server --bind 127.0.0.1 --directory fake 0 >fake.log 2>&1 &
                    server=$!
                    until port=$(sed -n 's/.* port \\([0-9]*\\).*/\\1/p' fake.log) && [ -n "$port" ]; do :; done
                    roll --prefix \(world.prefix) --server http://127.0.0.1:$port --host \(world.host); code=$?
                    kill $server; exit $code
                    """,
                ], in: world.root)
            #expect(result.code == 11, "\(result)")
            #expect(result.errors.contains("it is for 'web-02.snc1.example.com'"), "\(result)")
            #expect(try Directory.open(world.prefix).entries().isEmpty)
        }
    }

    @Test func quietSaysNothingAndExitCodesTellChanges() async throws {
        try await withWorld { world in
            let first = try await world.roll("--quiet", "--detailed-exitcode")
            #expect(first.code == 2, "\(first)")
            #expect(first.output.isEmpty && first.errors.isEmpty, "\(first)")
            let second = try await world.roll("--quiet", "--detailed-exitcode", "--json")
            #expect(second.code == 0 && second.errors.isEmpty, "\(second)")
            #expect(try readJSON(Array(second.output.utf8), as: Receipt.self).exit == .success)
        }
    }

    @Test func aReleaseThatChangesNothingButItsNameMovesNoTree() async throws {
        try await withWorld { world in
            let bastion = "bastion-01.snc1.example.com"
            let prefix = world.root.appending("bastion/usr/local")
            try await world.shell("mkdir", "-p", prefix.string)
            func roll(_ arguments: String...) async throws -> CommandResult {
                try await run(
                    "roll", arguments + ["--prefix", prefix.string, "--server", world.server, "--host", bastion],
                    in: world.root)
            }
            #expect(try await roll().code == 0)
            let before = try await listing(prefix)
            let release = try await world.release("bastion", pinning: [bastion])
            let again = try await roll("--json")
            #expect(again.code == 0, "\(again)")
            let receipt = try readJSON(Array(again.output.utf8), as: Receipt.self)
            #expect(!receipt.changed && receipt.release?.rawValue == release)
            #expect(try await listing(prefix) == before)
            let status = try await run("roll", ["status", "--prefix", prefix.string], in: world.root)
            #expect(status.output.contains(release), "\(status)")
            #expect(try await roll("--json").output.contains("\"changed\": false"))
        }
    }

    /// The umask of a process is the same for all in it: only whole rolls can be tried with others.
    @Test func modesAreTheSameWhateverTheUmask() async throws {
        try await withWorld { world in
            var trees: Set<String> = []
            for mask in ["022", "000", "077", "777"] {
                let rolled = try await run(
                    "sh",
                    [
                        "-c",
                        """
                        mkdir -p \(mask)/usr && umask \(mask) && roll --adopt --prefix $PWD/\(mask)/usr/local --quiet \
                            --server \(world.server) --host bastion-01.snc1.example.com && umask 022 &&
                            find \(mask)/usr/local -printf '/%P %m %U %G\\n' | sort
                        """,
                    ], in: world.root)
                #expect(rolled.code == 0, "\(rolled)")
                #expect(rolled.output.hasPrefix("/ 755 "), "\(rolled)")
                trees.insert(rolled.output)
            }
            #expect(trees.count == 1)
        }
    }

    @Test func aPlanTouchesNothingBelowThePrefix() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try world.edit("hostclasses/web.yml", "jq: 1.6}", "jq: 1.6, tree: 2.1.0}")
            try await world.shell("rollerctl", "lock", "--server", world.server)
            try await world.commit("Another motto, and a package more")
            try await world.release()
            // Whoever is not root could not write there if he wanted to.
            try await world.shell("chmod", "-R", "a-w", world.prefix.string)
            // The candidate that a plan builds and removes is made of further names of files of the store, which the live tree
            // shares: how many names they have, and so when their status changed, is not what somebody put there.
            let before = try await listing(world.prefix, sharing: true)
            let process = try world.webProcess()
            let plan = try await world.roll("plan", "--detailed-exitcode")
            #expect(plan.code == 2, "\(plan)")
            #expect(plan.output.contains("+ bin/tree"), "\(plan)")
            #expect(try await listing(world.prefix, sharing: true) == before)
            #expect(try world.webProcess() == process)

            // What the plan fetched is not fetched again.
            let rolled = try await world.roll()
            #expect(rolled.code == 0 && !rolled.errors.contains("download"), "\(rolled)")
        }
    }

    @Test func aStateFileThatCannotBeReadIsToldAndWrittenAnewWhenToldWhatIsLive() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let before = try await listing(world.prefix)
            let process = try world.webProcess()
            try await world.shell(
                "sh", "-c", "head -c 20 \(world.home)/state.json >cut && cp cut \(world.home)/state.json")
            for command in [[], ["plan"], ["recover"], ["status"]] as [[String]] {
                let refused = try await run(
                    "roll", command + ["--prefix", world.prefix.string], in: world.root)
                #expect(refused.code == 11, "\(refused)")
                #expect(refused.errors.contains("cannot read \(world.home)/state.json"), "\(refused)")
                #expect(refused.errors.contains("hint: "), "\(refused)")
            }
            #expect(try await listing(world.prefix) == before)
            let mended = try await world.roll("rollback", "1")
            #expect(mended.code == 0, "\(mended)")
            #expect(try await listing(world.prefix) == before, "it was live all the time: \(mended)")
            #expect(try world.webProcess() == process)
            #expect(try await world.roll().code == 0)
        }
    }

    /// The one command that the words of an inconsistent host name must work.
    @Test func aStateFileThatIsLostLeavesAWayOut() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await world.shell("rm", "\(world.home)/state.json", "\(world.home)/journal")
            let refused = try await world.roll()
            #expect(refused.code == 16, "\(refused)")
            #expect(refused.errors.contains("roll rollback N"), "\(refused)")
            let mended = try await world.roll("rollback", "1")
            #expect(mended.code == 0, "\(mended)")
            let next = try await world.roll("--detailed-exitcode")
            #expect(next.code == 0, "\(next)")
        }
    }

    /// That nobody knows what was committed is no reason to take a committed tree away.
    @Test func withoutAStateFileNothingGoesBackByItself() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            let before = try await listing(world.prefix)
            let process = try world.webProcess()
            try await world.shell("rm", "\(world.home)/state.json")
            let refused = try await world.roll()
            #expect(refused.code == 16, "\(refused)")
            #expect(try await listing(world.prefix) == before)
            #expect(try world.webProcess() == process)
        }
    }

    @Test func aDamagedJournalBringsServicesBackThatAreDown() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try await world.shell(
                "sh", "-c", "kill $(cat \(world.home)/keep/var/run/web.pid); echo broken >\(world.home)/journal")
            let recovered = try await world.roll("recover")
            #expect(recovered.code == 0 && recovered.errors.contains("the journal cannot be read"), "\(recovered)")
            #expect(await world.page() != nil)
            let again = try await world.roll("recover")
            #expect(again.code == 0 && again.errors.isEmpty, "\(again)")
        }
    }
}

/// Every path of a tree with all that `find` can tell of it but the time it was last read.
/// - Parameter sharing: Whether its files may get further names, as those of a candidate made beside it.
func listing(_ tree: FilePath, sharing: Bool = false) async throws -> String {
    let format = "%p %i %y %m %U %G %s %T@ %l" + (sharing ? "\\n" : " %n %C@\\n")
    let result = try await run("find", [tree.string, "-printf", format], in: "/")
    #expect(result.code == 0, "\(result)")
    return result.output.split(separator: "\n").sorted().joined(separator: "\n")
}
