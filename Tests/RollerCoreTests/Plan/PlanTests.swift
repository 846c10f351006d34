import OrderedCollections
import Testing

@testable import RollerCore

/// What differs between two generations, and which services it touches.
struct PlanTests {
    /// One package of a generation and its files, all of the same mode.
    struct Pack {
        var name: String
        var files: [String: String]
        var directories: [String] = []
        var permissions: UInt16 = 0o644
    }

    /// A generation as its bundle would be.
    struct Made {
        var packages: [Pack] = []
        var files: [String: String] = [:]
        var modes: [String: String] = [:]
        var keep: [String] = []
        var services: [Service] = []
    }

    static func service(
        _ name: String, uses: [String]? = nil, reloadOn: [String] = [], unit: String? = nil, checks: [HealthCheck] = []
    ) throws -> Service {
        Service(
            name: try #require(ServiceName(name)), supervisor: .systemd(unit: unit ?? "\(name).service"), uses: uses,
            reloadOn: try reloadOn.map { try #require(TreePath($0)) }, checks: checks)
    }

    private static func manifest(_ pack: Pack) throws -> PackageManifest {
        let files = try pack.files.map { path, text in
            PackageManifest.Entry(
                path: try #require(TreePath(path)),
                kind: .file(
                    permissions: pack.permissions, size: ByteCount(Int64(text.utf8.count)), digest: Digest(of: text)))
        }
        let directories = try pack.directories.map {
            PackageManifest.Entry(path: try #require(TreePath($0)), kind: .directory(permissions: 0o755))
        }
        let content = pack.name + "\(pack.permissions)" + "\(pack.files.sorted { $0.key < $1.key })\(pack.directories)"
        return PackageManifest(
            name: try #require(PackageName(pack.name)), version: try #require(PackageVersion("1")), platform: .any,
            archive: Digest(of: content), size: ByteCount(1), entries: files + directories)
    }

    private static func record(_ number: Int, _ made: Made) throws -> GenerationRecord {
        let packages = try made.packages.map { pack in
            let manifest = try manifest(pack)
            return Bundle.Package(
                name: manifest.name, version: manifest.version, platform: .any, archive: manifest.archive,
                size: manifest.size, manifest: Digest(of: manifest.text))
        }
        let modes = try Dictionary(
            uniqueKeysWithValues: made.modes.map { (try #require(TreePath($0)), try #require(ModeAndOwner($1))) })
        let bundle = Bundle(
            format: 1, host: try #require(HostName("a")), datacenter: try #require(DatacenterName("d")),
            platform: try #require(Platform("debian")), release: try #require(ReleaseReference("web@1")),
            releaseRevision: try #require(Revision(String(repeating: "a", count: 40))), configServers: [],
            settings: .map([:]), packages: packages,
            files: try made.files.sorted { $0.key < $1.key }.map {
                Bundle.File(
                    path: try #require(TreePath($0)), executable: false, template: false, contents: .text($1))
            },
            services: made.services, keep: try made.keep.map { try #require(TreePath($0)) }, modes: modes,
            downtimeBudget: nil)
        return GenerationRecord(
            try #require(Generation(number)), from: bundle, digest: Digest(of: bundle.json), revision: nil,
            files: try bundle.renderFiles())
    }

    private static func plan(_ old: Made?, _ new: Made?) throws -> ExplainedPlan {
        let packs = (old?.packages ?? []) + (new?.packages ?? [])
        let before = try old.map { try record(41, $0) }
        let after = try new.map { try record(42, $0) }
        let shared = Set(before?.packages.map(\.archive) ?? []).intersection(after?.packages.map(\.archive) ?? [])
        return try ExplainedPlan.from(before, to: after, id: "r") { package in
            #expect(before == nil || after == nil || !shared.contains(package.archive), "asked for \(package.name)")
            return try #require(try packs.map(manifest).first { $0.archive == package.archive })
        }
    }

    /// `+added ~changed -removed`.
    private static func changes(_ old: Made?, _ new: Made?) throws -> String {
        let changes = try plan(old, new).changes
        return (changes.added.map { "+\($0)" } + changes.changed.map { "~\($0)" } + changes.removed.map { "-\($0)" })
            .joined(separator: " ")
    }

    static let nginx = Pack(name: "nginx", files: ["sbin/nginx": "1", "etc/mime": "m"], directories: ["etc", "sbin"])

    @Test func theSameGenerationHasNoChanges() throws {
        let made = Made(packages: [Self.nginx], files: ["etc/a": "x"], modes: ["etc/a": "0600"], keep: ["var"])
        let plan = try Self.plan(made, made)
        #expect(plan.isEmpty)
        #expect(plan.changes.count == 0)
    }

    @Test func packagesComeGoAndChange() throws {
        let without = Made(files: ["etc/a": "x"])
        let with = Made(packages: [Self.nginx], files: ["etc/a": "x"])
        var newer = with
        newer.packages[0].files = ["sbin/nginx": "2", "etc/more": "n"]
        #expect(try Self.changes(without, with) == "+etc/mime +sbin/nginx")
        #expect(try Self.changes(with, without) == "-etc/mime -sbin/nginx")
        #expect(try Self.changes(with, newer) == "+etc/more ~sbin/nginx -etc/mime")
        #expect(try Self.plan(with, newer).changes.packages.map(\.rawValue) == ["nginx"])
    }

    @Test func aFileThatMovesBetweenPackagesIsNoChange() throws {
        let old = Made(packages: [Self.nginx, Pack(name: "b", files: ["b": "1"])])
        var new = old
        new.packages[0].files["etc/mime"] = nil
        new.packages[1].files["etc/mime"] = "m"
        #expect(try Self.changes(old, new) == "")
        #expect(try Self.plan(old, new).changes.packages.map(\.rawValue).sorted() == ["b", "nginx"])
    }

    @Test func aFileThatMovesFromAPackageToTheClassIsNoChange() throws {
        let old = Made(packages: [Self.nginx])
        var new = old
        new.packages[0].files["etc/mime"] = nil
        new.files["etc/mime"] = "m"
        #expect(try Self.changes(old, new) == "")
    }

    /// What a package says of a mode and what the class declares for it are one and the same on the disk.
    @Test func aModeThatIsDeclaredAsItWasIsNoChange() throws {
        let old = Made(packages: [Self.nginx])
        var new = Made(packages: [Self.nginx], modes: ["etc/mime": "0644"])
        new.packages[0].files["more"] = "m"
        #expect(try Self.changes(old, new) == "+more")
        new.modes["etc/mime"] = "0644 root:adm"
        #expect(try Self.changes(old, new) == "+more ~etc/mime")
    }

    @Test func aModeAloneIsAChange() throws {
        let old = Made(packages: [Self.nginx], files: ["etc/a": "x"])
        for path in ["etc/mime", "etc/a", "etc"] {
            var new = old
            new.modes[path] = "0600"
            #expect(try Self.changes(old, new) == "~\(path)")
            #expect(try Self.changes(new, old) == "~\(path)")
        }
        var run = old
        run.packages[0].permissions = 0o755
        #expect(try Self.changes(old, run) == "~etc/mime ~sbin/nginx")
    }

    @Test func keptPathsComeAndGo() throws {
        let old = Made(files: ["a": "x"])
        let new = Made(files: ["a": "x"], keep: ["var/lib"])
        #expect(try Self.changes(old, new) == "+var/lib")
        #expect(try Self.changes(new, old) == "-var/lib")
        #expect(try Self.changes(Made(files: ["a": "x"]), Made(keep: ["a"])) == "~a")
    }

    /// Only its directory, or nothing at all: the tree is made anew, or the host would not be as its record says.
    @Test func aPackageWithoutFilesIsAChangeToo() throws {
        let plan = try Self.plan(Made(), Made(packages: [Pack(name: "empty", files: [:], directories: ["var/empty"])]))
        #expect(!plan.isEmpty)
        #expect(plan.changes.paths == [])
        let services = [try Self.service("all"), try Self.service("some", uses: ["etc"])]
        let packed = Made(packages: [Pack(name: "empty", files: [:], directories: ["var/empty"])], services: services)
        #expect(try Self.told(Made(services: services), packed) == "all restart: the package empty changed")
    }

    @Test func theFirstGenerationAddsEverything() throws {
        let made = Made(packages: [Self.nginx], files: ["etc/a": "x"], services: [try Self.service("nginx")])
        let there = try Self.plan(nil, made)
        #expect(there.plan.previous == .beforeRoller)
        #expect(there.plan.starting.map(\.name.rawValue) == ["nginx"])
        #expect(there.plan.stopping == [])
        #expect(try Self.changes(nil, made) == "+etc/a +etc/mime +sbin/nginx")
        let back = try Self.plan(made, nil)
        #expect(back.plan.next == .beforeRoller)
        #expect(back.plan.bundle == nil)
        #expect(back.plan.stopping.map(\.name.rawValue) == ["nginx"])
        #expect(try Self.changes(made, nil) == "-etc/a -etc/mime -sbin/nginx")
        #expect(try Self.plan(nil, nil).isEmpty)
    }

    /// `name action: reason` of each service that a new sbin/nginx and a new etc/b/x touch.
    @Test(arguments: [
        (nil, "s restart: etc/b/x and 1 more changed"), (["nginx"], "s restart: the package nginx changed"),
        (["etc/b"], "s restart: etc/b/x changed"), (["sbin/nginx"], "s restart: sbin/nginx changed"),
        (["etc"], "s restart: etc/b/x changed"), (["etc/bb", "etc/b/xx", "tools", "lib"], ""), ([], ""),
        (["lib", "etc/b"], "s restart: etc/b/x changed"),
    ])
    func servicesRestartForWhatTheyUse(_ uses: [String]?, _ expected: String) throws {
        let tools = Pack(name: "tools", files: ["bin/t": "t"])
        let old = Made(
            packages: [Self.nginx, tools], files: ["etc/b/x": "1"], services: [try Self.service("s", uses: uses)])
        var new = old
        new.packages[0].files["sbin/nginx"] = "2"
        new.files["etc/b/x"] = "2"
        #expect(try Self.told(old, new) == expected)
    }

    private static func told(_ old: Made, _ new: Made) throws -> String {
        try plan(old, new).services.map { "\($0.name) \($0.action.rawValue): \($0.reason.text)" }.joined(
            separator: "; ")
    }

    @Test func servicesComeGoAndChangeTheirDefinition() throws {
        let old = Made(services: [try Self.service("a"), try Self.service("b"), try Self.service("c")])
        let new = Made(services: [
            try Self.service("new"), try Self.service("c"), try Self.service("b", unit: "bb.service"),
        ])
        #expect(
            try Self.told(old, new)
                == "new start: it is new; b restart: its start or stop changed; a stop: the class has it no more")
        let plan = try Self.plan(old, new).plan
        #expect(plan.stopping.map(\.name.rawValue) == ["a", "b"], "in the order of the previous generation")
        #expect(plan.starting.map(\.name.rawValue) == ["new", "b"], "in the order of the next one")
        #expect(plan.stopping.last?.supervisor == .systemd(unit: "b.service"))
        #expect(plan.starting.last?.supervisor == .systemd(unit: "bb.service"))
    }

    @Test(
        arguments: [
            (nil, ["etc/b"], ["etc/b/x"], "s reload: etc/b/x changed"),
            (nil, ["etc/b"], ["etc/b/x", "etc/c"], "s restart: etc/b/x and 1 more changed"),
            (nil, ["etc"], ["etc/b/x", "sbin/nginx"], "s restart: etc/b/x and 1 more changed"),
            (["nginx"], ["etc/b"], ["etc/b/x"], "s reload: etc/b/x changed"),
            (["nginx"], ["etc/b"], ["etc/b/x", "etc/c"], "s reload: etc/b/x changed"),
            (["nginx"], ["etc/b"], ["sbin/nginx", "etc/b/x"], "s restart: the package nginx changed"),
            (["nginx", "etc"], ["etc/b"], ["etc/b/x", "etc/c"], "s restart: etc/b/x and 1 more changed"),
            ([], ["etc/b"], ["etc/b/x", "sbin/nginx"], "s reload: etc/b/x changed"),
            (["nginx"], ["etc/b"], ["etc/c"], ""),
        ] as [([String]?, [String], [String], String)])
    func servicesReloadWhereAllThatChangedIsReadAnew(
        _ uses: [String]?, _ reloadOn: [String], _ changed: [String], _ expected: String
    ) throws {
        let old = Made(
            packages: [Self.nginx], files: ["etc/b/x": "1", "etc/c": "1"],
            services: [try Self.service("s", uses: uses, reloadOn: reloadOn)])
        var new = old
        for path in changed {
            if path == "sbin/nginx" { new.packages[0].files[path] = "2" } else { new.files[path] = "2" }
        }
        #expect(try Self.told(old, new) == expected)
        let plan = try Self.plan(old, new).plan
        let reloads = expected.contains("reload")
        #expect(plan.reloading.count == (reloads ? 1 : 0) && plan.reloadingBack == plan.reloading)
        #expect(plan.starting.count == (expected.contains("restart") ? 1 : 0))
    }

    @Test func aServiceThatStartsInAnotherWayIsNotJustReloaded() throws {
        let old = Made(files: ["etc/a": "1"], services: [try Self.service("s", reloadOn: ["etc"])])
        let new = Made(files: ["etc/a": "2"], services: [try Self.service("s", reloadOn: ["etc"], unit: "t.service")])
        #expect(try Self.told(old, new) == "s restart: its start or stop changed")
    }

    @Test func otherChecksAloneRestartNothing() throws {
        let check = HealthCheck(.tcp("127.0.0.1:1"), within: .seconds(1))
        let plan = try Self.plan(
            Made(services: [try Self.service("a", uses: ["x"])]),
            Made(services: [try Self.service("a", uses: ["y"], checks: [check])]))
        #expect(plan.isEmpty)
    }

    @Test func recordsSurviveTheirJSONAndRenumbering() throws {
        let record = try Self.record(
            3,
            Made(
                packages: [Self.nginx], files: ["a": "é"], modes: ["a": "0600 a:b"], keep: ["v"],
                services: [try Self.service("s")]))
        #expect(try readJSON(canonicalJSON(record), as: GenerationRecord.self) == record)
        let other = record.renumbered(try #require(Generation(9)))
        #expect(other.generation.number == 9)
        #expect(other.renumbered(record.generation) == record)
    }
}
