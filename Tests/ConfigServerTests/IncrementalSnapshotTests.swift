import GitRepository
import LinuxSystem
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// A snapshot made from the one before says what one made from nothing says.
struct IncrementalSnapshotTests {
    @Test(arguments: 0..<8)
    func whatChangedReadAloneEqualsAllReadAnew(_ seed: Int) async throws {
        try await RepositoryDirectory.with { repository in
            var edits = RandomEdits(seed: UInt64(seed), repository: repository)
            let reader = try RepositoryReader(repository.gitDirectory, tags: ReleaseTags(), viewBytes: 1 << 20)
            var base: (snapshot: ServedSnapshot, checks: HostChecks)?
            var wanted: WantedBundles?
            var incremental = 0
            for number in 0..<14 {
                let described = try edits.edit()
                let text = try await repository.commit("edit \(number)")
                if Int.random(in: 0..<3, using: &edits.random) == 0 {
                    try await repository.git("tag", "-f", "web@\(Int.random(in: 2..<5, using: &edits.random))")
                }
                let commit = try #require(ObjectID(hex: text))
                let (made, reached) = try reader.snapshot(at: commit, since: base?.snapshot)
                let checks =
                    if let base, let reached {
                        made.snapshot.checkHosts(since: base.checks, reached: reached)
                    } else {
                        made.snapshot.checkHosts()
                    }
                if reached != nil { incremental += 1 }
                let bundles = WantedBundles(made, since: wanted)
                let fresh = try RepositoryReader(repository.gitDirectory, tags: ReleaseTags(), viewBytes: 1 << 20)
                    .snapshot(at: commit, since: nil).snapshot
                let place = "seed \(seed), commit \(number): \(described)"
                expectSame(made, fresh, place)
                if let reached, wanted?.served === base?.snapshot, wanted?.isComplete ?? false {
                    let left = bundles.hosts.count - bundles.done
                    #expect(left <= reached.count, "\(place): \(left) to be made out, \(reached.count) reached")
                }
                // Not always all, so that the next begins with what is half done.
                bundles.advance(by: Int.random(in: 0...2 * bundles.hosts.count, using: &edits.random))
                #expect(allDigests(WantedBundles(made, since: bundles)) == allDigests(WantedBundles(fresh)), "\(place)")
                wanted = bundles
                #expect(
                    told(made.snapshot.lint(checks)) == told(fresh.snapshot.lint()), "\(place)")
                // Sometimes the next is made from an older one, as when this one was refused.
                if base == nil || Int.random(in: 0..<3, using: &edits.random) > 0 { base = (made, checks) }
            }
            #expect(incremental > 6)
        }
    }

    private func expectSame(_ made: ServedSnapshot, _ fresh: ServedSnapshot, _ place: String) {
        #expect(made.files == fresh.files, "\(place)")
        #expect(made.releaseTargets == fresh.releaseTargets, "\(place)")
        #expect(made.lockedPackages == fresh.lockedPackages, "\(place)")
        #expect(made.snapshot.repo.hosts == fresh.snapshot.repo.hosts, "\(place)")
        #expect(made.snapshot.repo.users == fresh.snapshot.repo.users, "\(place)")
        #expect(told(made.snapshot.findings) == told(fresh.snapshot.findings), "\(place)")
        for host in fresh.snapshot.repo.hosts.values {
            #expect(bundle(of: host, in: made) == bundle(of: host, in: fresh), "\(place): \(host.name)")
        }
    }

    private func allDigests(_ bundles: WantedBundles) -> [Digest?] {
        bundles.advance(by: bundles.hosts.count)
        return bundles.wanted { _ in true }.map(\.bundle)
    }

    /// Asked for each time, so that a later snapshot finds what an earlier one kept.
    private func bundle(of host: Host, in snapshot: ServedSnapshot) -> String {
        do {
            return String(decoding: try snapshot.resolve(host).bundle.json, as: UTF8.self)
        } catch {
            return told(snapshot.snapshot.resolve(host.name)?.findings ?? []).joined(separator: "\n")
        }
    }

    private func told(_ findings: [Diagnostic]) -> [String] { findings.map { "\($0)" }.sorted() }

    @Test func aCommitThatDoesNotReachAHostKeepsWhatWasMadeOfIt() async throws {
        try await TestServer.with { server in
            let before = try await server.get("/v1/hosts/web-02.example.com/bundle")
            try server.repository.writeHost("web-01", release: "web@1", workers: 3)
            try await server.repository.commit("one host")
            try await server.refresh()
            let other = try await server.get("/v1/hosts/web-01.example.com/bundle?format=json")
            #expect(other.text.contains("\"workers\":3"))
            let after = try await server.get(
                "/v1/hosts/web-02.example.com/bundle", ("If-None-Match", try #require(before.headers["ETag"])))
            #expect(after.status == 304)
        }
    }

    @Test func aPushIsSeenWithoutPollingForIt() async throws {
        try await TestServer.with(configure: { $0.watches = true }) { server in
            try server.repository.writeHost("web-03", release: "web@1")
            let head = try await server.repository.commit("a third host")
            for _ in 0..<2000 {
                if try await server.get("/healthz").headers["Roller-Revision"] == head { break }
            }
            #expect(try await server.get("/healthz").headers["Roller-Revision"] == head)
        }
    }
}

/// A repository in a directory of its own.
enum RepositoryDirectory {
    static func with(_ body: (TestRepository) async throws -> Void) async throws {
        let name = "snapshot-tests-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        try holder.makeDirectory(name, permissions: 0o700)
        defer { _ = try? holder.removeTree(name) }
        try await body(try await TestRepository.make(at: FilePath("/tmp").appending(name).appending("repository")))
    }
}

extension TestRepository {
    var gitDirectory: FilePath { path.appending(".git") }
}

/// Edits by chance, the same for the same seed; many are mistakes, and later ones mend them.
private struct RandomEdits {
    var random: SeededGenerator
    let repository: TestRepository

    init(seed: UInt64, repository: TestRepository) {
        random = SeededGenerator(seed: seed)
        self.repository = repository
    }

    /// Makes one to four edits.
    mutating func edit() throws -> String {
        var described: [String] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let (path, text) = change()
            described.append("\(path): \(text ?? "gone")")
            if let text {
                try repository.write(path, text)
            } else if try Directory.open(repository.path).status(of: path) != nil {
                try Directory.open(repository.path).remove(path)
            }
        }
        // Every commit has a change.
        try repository.write("README.md", "\(random.next())\n")
        return described.joined(separator: "; ")
    }

    private mutating func change() -> (path: String, text: String?) {
        let host = "hosts/web-0\(Int.random(in: 1...5, using: &random)).example.com.yml"
        return switch Int.random(in: 0..<16, using: &random) {
        case 0...3: (host, self.host())
        case 4: (host, pick(nil, "hostclass: [\n"))
        case 5, 6: ("datacenters/\(pick("snc1", "ams1")).yml", datacenter())
        case 7: ("hostclasses/\(pick("web", "db")).yml", hostclass())
        case 8: (pick("files/web/etc/motd", "files/db/etc/motd"), pick("hello\n", "ho\n", nil))
        case 9: ("files/web/etc/web.conf.mustache", pick("{{workers}}\n", "{{nothing}}\n", "{{#x\n"))
        case 10: ("hostclasses/web.lock.yml", pick("packages: {}\n", "nonsense\n", nil))
        case 11: ("users/\(pick("ann", "bob")).yml", pick("uid: 2001\n", "uid: 2002\n", nil))
        case 12: ("groups/ops.yml", pick("gid: 2000\nmembers: [ann]\n", "gid: 2000\nmembers: [bob]\n", nil))
        case 13: ("home/\(pick("ann", "bob"))/\(pick(".profile", ".vimrc"))", pick("x\n", nil))
        case 14: ("roller.yml", pick("format: 1\n", "format: 1\nwaves: {db: [1, 100%]}\n", "format: 1\nno: 1\n"))
        default: (pick("hosts/deep/web-01.example.com.yml", "junk/x", "hosts/Bad.yml"), pick("x: 1\n", nil))
        }
    }

    private mutating func host() -> String {
        """
        hostclass: \(pick("web@1", "web@1", "web@2", "web@3", "db@1"))
        datacenter: \(pick("snc1", "snc1", "ams1", "nowhere"))
        \(pick("settings: {workers: 5}", "# a note", "platform: debian-13-x86_64", "settings: {wrokers: 5}"))

        """
    }

    private mutating func datacenter() -> String? {
        pick(
            "platform: debian-12-x86_64\nsettings: {ntp: [a]}\n", "platform: debian-12-x86_64\nsettings: {ntp: [b]}\n",
            "settings: {ntp: [a]}\n", "platform: debian-12-x86_64\n", "platform: [\n", nil)
    }

    private mutating func hostclass() -> String? {
        pick(
            "settings: {workers: 4, port: 8080}\nrequired: {ntp: list}\n",
            "settings: {workers: 6}\naccess: {login: [ops]}\n", "settings: {workers: 6}\nkeep: [etc]\n",
            "settings: [\n", nil)
    }

    private mutating func pick<T>(_ values: T...) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
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
