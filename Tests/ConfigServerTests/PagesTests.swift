import OrderedCollections
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// What people see in a browser.
struct PagesTests {
    /// Everything that a page may be made of. An element beside these came out of somebody's text.
    private static let elements: Set<String> = [
        "doctype", "html", "head", "meta", "title", "link", "body", "a", "header", "nav", "ul", "ol", "li", "form",
        "label",
        "input", "button", "select", "option", "main", "h1", "h2", "h3", "p", "section", "span", "div", "dl", "dt",
        "dd",
        "table", "caption", "thead", "tbody", "tr", "th", "td", "footer", "details", "summary", "figure", "figcaption",
        "svg", "desc", "polyline", "rect", "text",
    ]

    /// Follows every link from the first page on.
    @Test func everyLinkLeadsSomewhereAndNothingGetsOutUnescaped() async throws {
        try await TestServer.with(prepare: OddWorld.prepare) { server in
            let package = try TestPackage()
            try await Self.publish(package, to: server)
            let odd = Links.encoded(OddWorld.script)
            var known: Set<String> = []
            var waiting = [
                "/", "/search?q=\(odd)", "/search?q=text0", "/hosts/odd-01.example.com/diff/odd-02.example.com",
                "/hostclasses/odd@1/diff/odd@2", "/hosts/odd-01.example.com/diff?with=main", "/diff/main~1..main",
                "/source/hostclasses/odd.yml?line=1", "/fleet?bucket=silent",
                "/hosts?hostclass=odd&datacenter=&release=",
            ]
            var pages = 0
            while let address = waiting.popLast() {
                guard known.insert(address).inserted else { continue }
                let seen = try await server.page(address)
                // What forms ask for needs something filled in.
                guard address != "/diff", !address.hasSuffix("/diff"), !address.hasSuffix("/readyz") else { continue }
                #expect(seen.answer.status == 200, "\(address): \(seen.answer.status)")
                guard seen.answer.headers["Content-Type"] == "text/html; charset=utf-8" else { continue }
                pages += 1
                #expect(
                    seen.elements.isSubset(of: Self.elements), "\(address): \(seen.elements.subtracting(Self.elements))"
                )
                #expect(!seen.text.contains(OddWorld.turn), "\(address)")
                #expect(!seen.text.contains("<script"), "\(address)")
                #expect(!seen.text.contains("style=\""), "\(address)")
                waiting += seen.links
            }
            #expect(pages > 60, "\(pages)")
        }
    }

    private static func publish(_ package: TestPackage, to server: TestServer) async throws {
        let place = "/v1/packages/tool/1.0-1/any"
        let token = ("Authorization", "Bearer \(TestServer.publisher)")
        _ = try await server.send(
            .put, "\(place)/archive", [token, ("Roller-Digest", package.digest.rawValue)], body: .bytes(package.archive)
        )
        let manifest = try await server.send(.put, "\(place)/manifest", [token], body: .bytes(package.manifest))
        #expect(manifest.status == 201)
    }

    @Test func pagesMayLoadNothingButTheStyleSheet() async throws {
        try await TestServer.with { server in
            let page = try await server.page("/")
            let policy = try #require(page.answer.headers["Content-Security-Policy"])
            for rule in [
                "default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
                "base-uri 'none'",
            ] {
                #expect(policy.contains(rule))
            }
            #expect(page.answer.headers["X-Content-Type-Options"] == "nosniff")
        }
    }

    @Test func theStyleSheetMayBeKeptForEverUnderItsDigest() async throws {
        try await TestServer.with { server in
            let page = try await server.page("/")
            let address = try #require(page.links.first { $0.hasPrefix("/assets/style.css?v=") })
            let sheet = try await server.get(address)
            #expect(sheet.headers["Content-Type"] == "text/css; charset=utf-8")
            #expect(sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable")
            let tag = try #require(sheet.headers["ETag"])
            #expect(try await server.get(address, ("If-None-Match", tag)).status == 304)
            #expect(try await server.get("/assets/style.css?v=0000").headers["Cache-Control"] == "no-cache")
        }
    }

    @Test func everyPageSaysThatTheNewestCommitIsRefused() async throws {
        try await TestServer.with { server in
            try server.repository.writeHost("web-01", release: "web@9")
            let bad = try await server.repository.commit("a mistake")
            try await server.refresh()
            let addresses = [
                "/", "/hosts", "/hosts/web-01.example.com", "/hostclasses", "/hostclasses/web", "/hostclasses/web@1",
                "/datacenters",
                "/datacenters/snc1", "/packages", "/commits", "/commits/\(bad)", "/users", "/fleet", "/replication",
                "/search?q=web", "/nothing",
            ]
            for address in addresses {
                let page = try await server.page(address)
                #expect(page.text.contains("The newest commit, \(bad.prefix(12)), is refused"), "\(address)")
            }
            let front = try await server.page("/")
            #expect(front.text.contains("there is no release &#39;web@9&#39;"))
            #expect(front.links.contains("/source/hosts/web-01.example.com.yml?at=\(bad)"))
        }
    }

    @Test func aServerWithNoGoodCommitSaysWhy() async throws {
        try await TestServer.with(prepare: { repository in
            try repository.write("hosts/web-01.example.com.yml", "hostclass: web@1\ndatacenter: snc9\n")
            try await repository.commit("broken from the start")
        }) { server in
            let front = try await server.page("/")
            #expect(front.answer.status == 200)
            #expect(front.text.contains("there is no datacenter &#39;snc9&#39;"))
            #expect(try await server.page("/hosts").answer.status == 503)
        }
    }

    @Test func browsersGetPagesAboutMistakesAndOthersData() async throws {
        try await TestServer.with { server in
            let page = try await server.page("/hosts/web-03.example.com")
            #expect(page.answer.status == 404)
            #expect(page.links.contains("/hosts/web-01.example.com"))
            for accept in ["*/*", "application/json", "application/yaml, text/html;q=0.5"] {
                let data = try await server.get("/hosts/web-03.example.com", ("Accept", accept))
                #expect(data.status == 404)
                #expect(data.headers["Content-Type"]?.hasPrefix("application/") == true, "\(accept)")
            }
        }
    }

    @Test(arguments: [
        ("/hosts?from=x", 400), ("/hosts?from=-1", 400), ("/hosts?colour=red", 400), ("/hosts?datacenter=snc9", 404),
        ("/hosts?release=web@9", 404), ("/diff/abc", 400), ("/diff/..", 400), ("/diff/a...b", 400),
        ("/commits/main~99", 404),
        ("/commits/\(String(repeating: "f", count: 40))", 404), ("/source/hosts", 404), ("/source/a//b", 404),
        ("/source/hosts/web-01.example.com.yml?line=99", 400), ("/users/nobody", 404), ("/groups/none", 404),
        ("/hostclasses/web@9", 404), ("/hostclasses/web@1/diff/x", 404), ("/packages/none", 404),
        ("/packages/a/1/any", 404),
        ("/hosts/web-01.example.com/files/none", 404), ("/hosts/web-01.example.com/diff?with=", 400),
        ("/hosts/web-01.example.com/diff/web-09.example.com", 404), ("/fleet?bucket=best", 400),
        ("/commits/main?group=7", 400),
        ("/%ff", 400), ("/search?q=\(String(repeating: "a", count: 300))", 400),
    ])
    func whatCannotBeAnsweredIsAPageToo(_ address: String, _ status: Int) async throws {
        try await TestServer.with { server in
            let page = try await server.page(address)
            #expect(page.answer.status == status, "\(page.text.suffix(2000))")
            #expect(page.answer.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(page.text.contains("<h1>"))
        }
    }
}
