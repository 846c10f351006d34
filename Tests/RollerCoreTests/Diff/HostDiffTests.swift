import OrderedCollections
import Testing

@testable import RollerCore

/// What differs between two states of a host.
struct HostDiffTests {
    /// The host of a good repository, changed.
    private func host(_ change: (inout GoodRepository) -> Void = { _ in }) throws -> ResolvedHost {
        var repository = GoodRepository()
        change(&repository)
        let name = try #require(HostName("web-07.snc1.example.com"))
        return try #require(repository.snapshot.state(of: name).resolved, "\(repository.lint)")
    }

    private func diff(_ change: (inout GoodRepository) -> Void) throws -> HostDiff {
        let (old, new) = (try host(), try host(change))
        return HostDiff.between(old, new, of: new.host.name)
    }

    @Test func theSameHostDiffersInNothing() throws {
        let diff = try diff { _ in }
        #expect(diff.isEmpty)
        #expect(diff.text().isEmpty)
        #expect(diff.value() == .map(["standing": .string("changed")]))
    }

    @Test func everyPartHasItsLines() throws {
        let diff = try diff { good in
            good.head.edit("hosts/web-07.snc1.example.com.yml", "workers: 8", "workers: 16")
            good.head.edit("datacenters/snc1.yml", "https://config1", "https://config9")
            good.release.edit("hostclasses/web.yml", "strace: 6.10", "jq: 1.7")
            good.release.edit("hostclasses/web.lock.yml", "strace", "jq")
            good.release.edit("hostclasses/web.lock.yml", "6.10", "1.7")
            good.release.edit("hostclasses/web.lock.yml", "size: 7,", "size: 9,")
            good.release.edit("hostclasses/web.yml", "[bin/log, --port, 99]", "[bin/log, --port, 98]")
            good.release.edit("hostclasses/web.yml", "keep: [var/lib/nginx]", "keep: [var/lib/log]")
            good.release.edit("hostclasses/web.yml", "0640 root:nginx", "0600 root:nginx")
            good.release.edit("hostclasses/web.yml", "login: [web-team]", "sudo: [web-team]")
            good.release.edit("hostclasses/web.yml", "downtime-budget: 5s", "downtime-budget: 9s")
            good.release.set("files/web/share/logo", "a\u{0}b")
        }
        try expectGolden(diff.text(), "diff-host.txt")
        try expectGolden(diff.text(.stat), "diff-host-stat.txt")
        try expectGolden(String(decoding: diff.value().json(pretty: true), as: UTF8.self), "diff-host.json")
    }

    @Test func aHostThatIsNewHasAllOfItAdded() throws {
        let host = try host()
        let diff = HostDiff.between(nil, host, of: host.host.name, standing: .added)
        try expectGolden(diff.text(), "diff-host-added.txt")
        #expect(diff.services.allSatisfy { $0.action == .start })
    }

    @Test func aHostThatIsGoneStopsNothing() throws {
        let host = try host()
        let diff = HostDiff.between(host, nil, of: host.host.name, standing: .removed)
        #expect(diff.services.isEmpty)
        #expect(diff.changes.files.allSatisfy { $0.presence == .removed })
        #expect(diff.text().contains("+++ /dev/null"))
    }

    @Test func accentsWrittenInAnotherWayAreAChange() throws {
        let (old, new) = ("caf\u{e9}", "cafe\u{301}")
        #expect(old == new)
        let one = try host { $0.head.edit("datacenters/snc1.yml", "10.1.0.1", old) }
        let other = try host { $0.head.edit("datacenters/snc1.yml", "10.1.0.1", new) }
        #expect(!one.bundle.hasSameDigest(as: other.bundle))
        #expect(HostDiff.between(one, other, of: one.host.name).changes.settings.map(\.key.rawValue) == ["ntp"])
    }

    @Test func aDigestKnowsNoOrderOfKeys() throws {
        let old = try host { $0.release.edit("hostclasses/web.yml", "{main: www}", "{main: www, b: x}") }
        let new = try host { $0.release.edit("hostclasses/web.yml", "{main: www}", "{b: x, main: www}") }
        #expect(old.bundle.json == Bundle(copying: new.bundle, files: old.bundle.files).json)
        #expect(old.bundle.hasSameDigest(as: Bundle(copying: new.bundle, files: old.bundle.files)))
    }

    @Test func controlCharactersOfFilesDoNotReachTheTerminal() throws {
        let diff = try diff { $0.release.edit("files/web/etc/nginx/key.pem", "key", "\u{1b}[2Jkey") }
        #expect(!diff.text().unicodeScalars.contains("\u{1b}"))
        #expect(diff.text().contains("+\\u{1b}[2Jkey"))
    }
}

extension Bundle {
    /// This bundle with other files.
    init(copying bundle: Bundle, files: [File]) {
        self.init(
            format: bundle.format, host: bundle.host, datacenter: bundle.datacenter, platform: bundle.platform,
            release: bundle.release, releaseRevision: bundle.releaseRevision, configServers: bundle.configServers,
            settings: bundle.settings, packages: bundle.packages, files: files, services: bundle.services,
            keep: bundle.keep, modes: bundle.modes, downtimeBudget: bundle.downtimeBudget)
    }
}
