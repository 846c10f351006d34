import Testing

@testable import RollerCore

/// What happens to services, told without manifests.
struct ServiceEffectTests {
    /// A class with packages `a` and `b`, and a host at a release of it.
    private func host(
        uses: String, a: Int, b: Int, conf: String, supervisor: String = "systemd: s.service"
    ) throws -> ResolvedHost {
        let digit = { (number: Int) in "sha256:" + String(repeating: "\(number)", count: 64) }
        let lock = { (name: String, number: Int) in
            "  \(name): {version: 1-\(number), platforms: {any: {archive: \"\(digit(number))\", size: 1, manifest: \"\(digit(number))\"}}}\n"
        }
        var good = GoodRepository()
        good.release = [:]
        good.release.set(
            "hostclasses/web.yml",
            "packages: {a: 1-\(a), b: 1-\(b)}\nservices: {s: {\(supervisor)\(uses.isEmpty ? "" : ", uses: [\(uses)]")}}\n"
        )
        good.release.set("hostclasses/web.lock.yml", "lock: 1\npackages:\n" + lock("a", a) + lock("b", b))
        good.release.set("files/web/etc/s/conf", conf)
        good.head.set("hosts/h.yml", "hostclass: web@2026.11.22-1\ndatacenter: snc1\n")
        let name = try #require(HostName("h"))
        return try #require(good.snapshot.state(of: name).resolved, "\(good.lint)")
    }

    @Test(arguments: [
        // uses, a, b, conf -> what
        ("a", 1, 2, "x", "nothing"), ("a", 3, 2, "x", "sure: the package a changed"), ("a", 1, 3, "x", "nothing"),
        ("a", 1, 2, "y", "nothing"), ("etc/s", 1, 2, "y", "sure: etc/s/conf changed"),
        ("etc", 1, 2, "y", "sure: etc/s/conf changed"), ("etc/other", 1, 2, "y", "nothing"),
        ("bin/s", 3, 2, "x", "maybe: the package a may hold bin/s"),
        ("bin/s", 3, 4, "x", "maybe: the package a or 1 more may hold bin/s"),
        ("bin/s, b", 1, 4, "x", "sure: the package b changed"),
        ("", 1, 2, "x", "nothing"), ("", 1, 4, "x", "sure: the package b changed"),
        ("", 1, 2, "y", "sure: etc/s/conf changed"),
    ])
    func restartsFollowFromWhatIsUsed(_ uses: String, _ a: Int, _ b: Int, _ conf: String, _ expected: String) throws {
        let old = try host(uses: uses, a: 1, b: 2, conf: "x")
        let new = try host(uses: uses, a: a, b: b, conf: conf)
        let effects = HostDiff.between(old, new, of: new.host.name).services
        let words = effects.map { "\($0.isCertain ? "sure" : "maybe"): \($0.reason)" }
        #expect(words == (expected == "nothing" ? [] : [expected]))
    }

    @Test func anotherStartIsARestart() throws {
        let old = try host(uses: "a", a: 1, b: 2, conf: "x")
        let new = try host(uses: "a", a: 1, b: 2, conf: "x", supervisor: "start: [bin/s], stop: [bin/t]")
        #expect(HostDiff.between(old, new, of: new.host.name).services.map(\.reason) == ["its start or stop changed"])
    }

    /// Whatever the packages turn out to hold: what a roll restarts was announced.
    @Test(arguments: 0..<200)
    func aRollNeverRestartsMoreThanWasSaid(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let uses = ["a", "b", "etc/s", "bin", "bin/s", "share/x", "a, bin/t", "etc/other, b", ""]
        let use = uses.randomElement(using: &random) ?? ""
        let old = try host(uses: use, a: 1, b: 2, conf: "x")
        let new = try host(
            uses: use, a: [1, 3].randomElement(using: &random) ?? 1, b: [2, 4].randomElement(using: &random) ?? 2,
            conf: ["x", "y"].randomElement(using: &random) ?? "x")
        let paths = ["bin/s", "bin/t", "share/x/y", "etc/other"]
        var held: [Digest: PackageManifest] = [:]
        for package in old.bundle.packages + new.bundle.packages where held[package.archive] == nil {
            held[package.archive] = manifest(of: package, paths.shuffled(using: &random).prefix(2).sorted())
        }
        let record = { (host: ResolvedHost) in
            GenerationRecord(
                .beforeRoller, from: host.bundle, digest: Digest(of: host.bundle.json), revision: nil, files: host.files
            )
        }
        let plan = try ExplainedPlan.from(record(old), leaving: .beforeRoller, to: record(new), id: "p") {
            try #require(held[$0.archive])
        }
        let said = HostDiff.between(old, new, of: new.host.name).services
        for change in plan.services {
            #expect(said.contains { $0.name == change.name && $0.action == change.action }, "uses [\(use)]")
        }
        for effect in said where effect.isCertain {
            #expect(plan.services.contains { $0.name == effect.name && $0.action == effect.action }, "uses [\(use)]")
        }
    }

    private func manifest(of package: Bundle.Package, _ paths: [String]) -> PackageManifest {
        PackageManifest(
            name: package.name, version: package.version, platform: package.platform, archive: package.archive,
            size: package.size,
            entries: paths.compactMap(TreePath.init).map {
                .init(
                    path: $0,
                    kind: .file(
                        permissions: 0o644, size: ByteCount(1), digest: Digest(of: "\(package.archive)\($0)")))
            })
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
