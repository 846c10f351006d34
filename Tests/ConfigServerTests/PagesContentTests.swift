import OrderedCollections
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// What single pages say.
struct PagesContentTests {
    private static let host = "/hosts/web-01.example.com"

    @Test func aHostsSettingsLeadToTheLineAndTheCommitTheyComeFrom() async throws {
        try await TestServer.with { server in
            let head = try await server.repository.git("rev-parse", "HEAD")
            let page = try await server.page(Self.host)
            let anchors = page.attributes(["href"])
            #expect(anchors.contains("/source/hosts/web-01.example.com.yml?at=\(head)#L3"))
            #expect(anchors.contains("/source/datacenters/snc1.yml?at=\(head)#L2"))
            #expect(anchors.contains("/source/hostclasses/web.yml?at=\(head)#L1"))
            #expect(anchors.contains("/commits/\(head)"))
            let source = try await server.page("/source/hosts/web-01.example.com.yml?at=\(head)")
            #expect(source.text.contains("id=\"L3\""))
        }
    }

    @Test func aLineOfARenderedFileLeadsToItsTemplateAndItsSettings() async throws {
        try await TestServer.with { server in
            let head = try await server.repository.git("rev-parse", "HEAD")
            let page = try await server.page("\(Self.host)/files/etc/web.conf")
            #expect(
                page.text.contains(
                    "workers <span class=\"tag\">8</span> on <span class=\"tag\">web-01.example.com</span>"))
            let anchors = page.attributes(["href"])
            #expect(anchors.contains("/source/files/web/etc/web.conf.mustache?at=\(head)#L1"))
            #expect(anchors.contains("/source/hosts/web-01.example.com.yml?at=\(head)#L3"))
        }
    }

    @Test func aLinesNumberLeadsToItsCommit() async throws {
        try await TestServer.with { server in
            let first = try await server.repository.git("rev-parse", "HEAD")
            try server.repository.write(
                "datacenters/snc1.yml", "platform: debian-12-x86_64\nsettings: {ntp: [10.1.0.9]}\n")
            let second = try await server.repository.commit("another clock")
            try await server.refresh()
            for (line, commit) in [(1, first), (2, second)] {
                let page = try await server.page("/source/datacenters/snc1.yml?line=\(line)")
                #expect(page.links.contains("/commits/\(commit)"))
                #expect(page.text.contains("Line \(line) comes from commit"))
            }
        }
    }

    @Test func linksStayAtTheCommitThatIsLookedAt() async throws {
        try await TestServer.with { server in
            let old = try await server.repository.git("rev-parse", "HEAD")
            try server.repository.writeHost("web-01", release: "web@1", workers: 9)
            try await server.repository.commit("nine")
            try await server.refresh()
            let page = try await server.page("/hosts?at=\(old)")
            #expect(page.text.contains("You see commit"))
            #expect(page.links.contains("\(Self.host)?at=\(old)"))
            #expect(page.links.contains("/datacenters?at=\(old)"))
            #expect(try await !server.page("/hosts").links.contains { $0.contains("at=") })
        }
    }

    @Test func aCommitSaysWhatItMeansForHosts() async throws {
        try await TestServer.with { server in
            let old = try await server.repository.git("rev-parse", "HEAD")
            for host in ["web-01", "web-02"] { try server.repository.writeHost(host, release: "web@1", workers: 16) }
            let new = try await server.repository.commit("more workers")
            try await server.refresh()
            for address in ["/commits/\(new)", "/diff/\(old)..\(new)", "/diff?a=\(old)&b=\(new)"] {
                let text = try await server.page(address).text
                #expect(text.contains("2 of 2 get another bundle"), "\(address)")
                // One group: the hosts' diffs differ by their names alone.
                #expect(text.contains("2 hosts</span><span class=\"quiet\"> such as web-01.example.com"), "\(address)")
                #expect(text.contains("-workers 8 on web-01.example.com"), "\(address)")
                #expect(text.contains("+workers 16 on web-01.example.com"), "\(address)")
            }
            let group = try await server.page("/commits/\(new)?group=1")
            #expect(group.links.contains("/hosts/web-02.example.com"))
        }
    }

    @Test func theFirstCommitIsComparedWithNothing() async throws {
        try await TestServer.with { server in
            let page = try await server.page("/commits/main")
            #expect(page.answer.status == 200)
            #expect(page.text.contains("2 new"))
        }
    }

    @Test func twoHostsStandBesideEachOther() async throws {
        try await TestServer.with { server in
            try server.repository.writeHost("web-02", release: "web@1", workers: 12)
            try await server.repository.commit("twelve")
            try await server.refresh()
            let text = try await server.page("\(Self.host)/diff/web-02.example.com").text
            #expect(text.contains("<td class=\"text removed\">workers 8 on web-01.example.com</td>"))
            #expect(text.contains("<td class=\"text added\">workers 12 on web-02.example.com</td>"))
            let past = try await server.page("/hosts/web-02.example.com/diff?with=main~1").text
            #expect(past.contains("<td class=\"text removed\">workers 8 on web-02.example.com</td>"))
        }
    }

    @Test func theFleetShowsWhatHostsSaid() async throws {
        try await TestServer.with(configure: { $0.allowsLocalReceipts = true }) { server in
            var receipt = Receipt(id: "roll-1", started: 1_790_000_000)
            receipt.host = HostName("web-01.example.com")
            receipt.exit = .rolledBack
            receipt.failure = "the check <b>failed</b>"
            receipt.applied = ReleaseReference("web@1")
            let sent = try await server.send(.post, "/v1/receipts", [], body: .bytes(canonicalJSON(receipt)))
            #expect(sent.status == 201, "\(sent.text)")
            let fleet = try await server.page("/fleet").text
            #expect(fleet.contains("1 rolled back"))
            #expect(fleet.contains("1 silent"))
            #expect(fleet.contains("the check &lt;b&gt;failed&lt;/b&gt;"))
            let host = try await server.page(Self.host).text
            #expect(host.contains("<span class=\"warn\">rolled back</span>"))
            let only = try await server.page("/fleet?bucket=silent")
            #expect(only.links.contains("/hosts/web-02.example.com"))
            #expect(!only.links.contains(Self.host))
        }
    }

    @Test func accessIsToldFromBothSides() async throws {
        try await TestServer.with(prepare: OddWorld.prepare) { server in
            let user = try await server.page("/users/eve")
            #expect(user.links.contains("/groups/odd"))
            #expect(user.text.contains("2 hosts of 4."))
            #expect(try await server.page("/groups/odd").links.contains("/users/eve"))
            #expect(try await server.page("/hosts/odd-01.example.com").links.contains("/users/eve"))
            #expect(try await server.page("/users/bob").text.contains("0 hosts of 4."))
        }
    }

    @Test func longListsComeInParts() async throws {
        try await TestServer.with(prepare: { repository in
            for number in 100..<350 { try repository.writeHost("many-\(number)", release: "web@1") }
            try await repository.commit("many hosts")
        }) { server in
            let first = try await server.page("/hosts")
            #expect(first.text.contains("1 to 100 of 252"))
            #expect(first.links.contains("/hosts?from=100"))
            let last = try await server.page("/hosts?from=200")
            #expect(last.text.contains("201 to 252 of 252"))
            #expect(!last.text.contains(">Later<"))
            let commit = try await server.page("/commits/main")
            #expect(commit.text.contains("210 more"))
            #expect(commit.answer.body.count < 200_000)
            #expect(try await server.page("/commits/main?group=1&from=200").answer.status == 200)
        }
    }
}
