import LinuxSystem
import RollerCore
import SystemPackage
import Testing

/// A plan, and a roll that holds to it.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PlannedRollTests {
    /// A rolled host, and another release of it that is not rolled yet.
    private func withNewRelease(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            try world.edit("hostclasses/web.yml", "Every change is a commit.", "Another motto.")
            try await world.commit("Another motto")
            try await world.release()
            try await body(world)
        }
    }

    private func planned(_ world: World, _ more: String...) async throws -> (id: String, plan: Value) {
        let result = try await world.roll("plan", "--json")
        #expect(result.code == 0, "\(result)")
        let text = String(result.output[(result.output.firstIndex(of: "{") ?? result.output.startIndex)...])
        let end = text.lastIndex(of: "}").map { text[...$0] } ?? text[...]
        let plan = try readJSON(Array(end.utf8), as: Value.self)
        guard case .string(let id)? = plan["plan"] else {
            Issue.record("the plan has no ID: \(result)")
            return ("", plan)
        }
        return (id, plan)
    }

    /// What a plan or a receipt says of services.
    private func services(of value: Value) -> [String] {
        guard case .list(let services)? = value["services"] else { return [] }
        return services.map { service in
            guard case .string(let name)? = service["name"], case .string(let action)? = service["action"],
                case .string(let reason)? = service["reason"]
            else { return "?" }
            return "\(name) \(action): \(reason)"
        }
    }

    @Test func aPlanIsCarriedOutAsItSays() async throws {
        try await withNewRelease { world in
            let before = try await world.shell("find", world.prefix.string, "-printf", "%p %i %s %m %T@\\n")
            let (id, plan) = try await planned(world)
            let after = try await world.shell("find", world.prefix.string, "-printf", "%p %i %s %m %T@\\n")
            #expect(before == after, "a plan changes nothing below the prefix")
            #expect(plan["changed"] == .list([.string("share/www/index.html")]), "\(plan.yaml)")
            let again = try await planned(world)
            #expect(again.id == id, "the same plan has the same ID")
            let roll = try await world.roll("apply", "--plan", id, "--json")
            #expect(roll.code == 0, "\(roll)")
            let receipt = try readJSON(Array(roll.output.utf8), as: Value.self)
            #expect(receipt["changed"] == .bool(true), "\(roll)")
            #expect(services(of: receipt) == services(of: plan), "what the plan says of services is what is done")
            #expect(services(of: plan) == ["web restart: share/www/index.html changed"])
            #expect(await world.page()?.contains("Another motto.") == true)
            let twice = try await world.roll("apply", "--plan", id)
            #expect(twice.code == 18, "\(twice)")
            #expect(twice.errors.contains("generation 1 was live and 2 is"), "\(twice)")
            let next = try await world.roll("plan")
            #expect(next.code == 0 && next.output.contains("Nothing to do."), "\(next)")
        }
    }

    @Test func whatMovedSinceThePlanIsNamedAndNothingIsDone() async throws {
        try await withNewRelease { world in
            let (id, _) = try await planned(world)
            let process = try world.webProcess()
            try await world.shell("sh", "-c", "echo mine > etc/mine", in: world.prefix)
            let edited = try await world.roll("apply", "--plan", id)
            #expect(edited.code == 18 && edited.errors.contains("etc/mine changed in the live tree"), "\(edited)")
            let plan = try await world.roll("plan")
            #expect(plan.output.contains("extra     etc/mine, a file"), "\(plan)")
            try await world.shell("rm", "etc/mine", in: world.prefix)

            let options = try await world.roll("apply", "--plan", id, "--retry-rejected")
            #expect(options.code == 18, "\(options)")
            #expect(options.errors.contains("the options were none and are --retry-rejected"), "\(options)")
            let unknown = try await world.roll("apply", "--plan", "0123456789abcdef")
            #expect(unknown.code == 18 && unknown.errors.contains("no plan 0123456789abcdef"), "\(unknown)")

            try world.edit("hostclasses/web.yml", "Another motto.", "A third motto.")
            try await world.commit("A third motto")
            try await world.release()
            let bundle = try await world.roll("apply", "--plan", id)
            #expect(bundle.code == 18 && bundle.errors.contains("the bundle was "), "\(bundle)")
            #expect(try world.webProcess() == process, "no refusal touches a service")
            #expect(await world.page()?.contains("Every change is a commit.") == true)
        }
    }

    @Test func thePlanOfAFirstRollComparesWithTheTreeThatIsThere() async throws {
        try await withWorld { world in
            let other = world.root.appending("other")
            try await world.shell(
                "sh", "-c", "mkdir -p $0/etc && echo > $0/etc/old && echo > $0/etc/site.json", other.string)
            let plan = try await world.roll("plan", "--adopt", "--json", prefix: other)
            let value = try readJSON(Array(plan.output.utf8), as: Value.self)
            #expect(value["adopts"] == .bool(true) && value["drift"] == .list([]), "\(plan)")
            #expect(value["removed"] == .list([.string("etc/old")]), "\(plan)")
            #expect(value["changed"] == .list([.string("etc/site.json")]), "\(plan)")
            guard case .string(let id)? = value["plan"] else {
                Issue.record("the plan has no ID: \(plan)")
                return
            }
            let without = try await world.roll("apply", "--plan", id, prefix: other)
            #expect(without.code == 18 && without.errors.contains("--adopt"), "\(without)")
        }
    }

    @Test func localEditsAreShownWithTheirLines() async throws {
        try await withNewRelease { world in
            let site = world.prefix.appending("etc/site.json").string
            try await world.shell(
                "sh", "-c", "cp $0 $0.new && echo edited >> $0.new && mv $0.new $0", site)
            let plan = try await world.roll("plan")
            #expect(plan.output.contains("modified  etc/site.json (the class's files)"), "\(plan)")
            #expect(plan.output.contains("\n-edited\n"), "\(plan)")
            let verify = try await run("roll", ["verify", "--prefix", world.prefix.string], in: world.root)
            #expect(verify.code == 2, "\(verify)")
            #expect(verify.output.contains("modified  etc/site.json (the class's files)"), "\(verify)")
            #expect(try await world.roll().code == 0)
            let clean = try await run("roll", ["verify", "--prefix", world.prefix.string], in: world.root)
            #expect(clean.code == 0 && clean.errors.contains("generation 2: as it was made"), "\(clean)")
            let kept = try world.read(world.home.appending("generations/1/etc/site.json"))
            #expect(kept.hasSuffix("edited\n"), "the edit stays in the generation before")
        }
    }

    @Test func blameNamesTheFileTheSettingAndThePackage() async throws {
        try await withWorld { world in
            #expect(try await world.roll().code == 0)
            func blame(_ place: String) async throws -> CommandResult {
                try await run("roll", ["blame", place, "--prefix", world.prefix.string], in: world.root)
            }
            let line = try await blame("etc/site.json:1")
            #expect(line.code == 0, "\(line)")
            #expect(line.output.contains("files/web/etc/site.json.mustache:1"), "\(line)")
            #expect(line.output.contains("setting: port"), "\(line)")
            let package = try await blame("bin/jq")
            #expect(package.output.contains("from: package jq"), "\(package)")
            let page = try await blame(world.prefix.appending("share/www/index.html").string)
            #expect(page.code == 0 && page.output.contains("from: \"the class's files\""), "\(page)")
            try await world.shell("touch", "etc/mine", in: world.prefix)
            #expect(try await blame("etc/mine").code == 2)
        }
    }

    /// A shell with mounts of its own; as root alone.
    private func inPrivateMounts(_ script: String, _ world: World) async throws -> CommandResult {
        try await run("unshare", ["--mount", "sh", "-ec", script], in: world.root)
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0)) func aPlanIsMadeWithThePrefixReadOnly() async throws {
        try await withNewRelease { world in
            let prefix = world.prefix.string
            let plan = try await inPrivateMounts(
                """
                mount --bind \(prefix) \(prefix) && mount -o remount,ro,bind \(prefix)
                ! touch \(prefix)/etc/x 2>/dev/null
                roll plan --prefix \(prefix) --server \(world.server) --host \(world.host)
                """, world)
            #expect(plan.output.contains("~ share/www/index.html"), "\(plan)")
            #expect(plan.output.contains("+<p>Another motto.</p>"), "\(plan)")
            #expect(plan.code == 18, "a roll would be refused: \(plan)")
            #expect(plan.errors.contains("a file system is mounted there"), "\(plan)")
            #expect(try await planned(world).plan["refused"] == nil, "elsewhere it is not")
        }
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0)) func withoutRoomNoArchiveIsFetched() async throws {
        try await withWorld { world in
            let rolled = try await inPrivateMounts(
                """
                mkdir small && mount -t tmpfs -o size=2m none small && mkdir small/local
                roll --prefix $PWD/small/local --server \(world.server) --host \(world.host)
                """, world)
            #expect(rolled.code == 13, "\(rolled)")
            #expect(rolled.errors.contains("are needed and") && rolled.errors.contains("are free"), "\(rolled)")
            #expect(!rolled.errors.contains("download"), "\(rolled)")
        }
    }
}
