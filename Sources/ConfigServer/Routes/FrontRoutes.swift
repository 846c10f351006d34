internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// `/`: where people begin.
struct FrontRoutes: Sendable {
    private let page: Template

    init() {
        switch Template.parse(Self.text, file: "front.html") {
        case .success(let page): self.page = page
        case .failure(let errors): preconditionFailure("the front page has errors: \(errors)")
        }
    }

    var routes: [Route] { [.get("/", front)] }

    @Sendable private func front(_ call: Call) async throws -> Answer {
        let standing = call.standing
        let repo = standing.served?.snapshot.repo
        let scope = Value.map([
            "served": .bool(standing.served != nil), "refused": .bool(standing.refusal != nil),
            "revision": .string(standing.served?.revision.rawValue ?? ""),
            "committed": .string(
                standing.served?.snapshot.committed.map { UTCTime(seconds: $0).iso8601 } ?? ""),
            "age": .int(standing.age(at: .now)), "reason": .string(standing.refusal?.message ?? ""),
            "hosts": .int(repo?.hosts.count ?? 0), "hostclasses": .int(repo?.hostclasses.count ?? 0),
            "datacenters": .int(repo?.datacenters.count ?? 0),
        ])
        guard case .success(let rendering) = page.render(scope, escaping: .html) else {
            preconditionFailure("the front page names something that is not there")
        }
        var answer = Answer(View(Array(rendering.text.utf8), type: "text/html; charset=utf-8"))
        answer.headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        return answer
    }

    private static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Roller</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:42em;margin:3em auto;padding:0 1em}code{font-size:.9em}
        .refused{border-left:4px solid #b00;padding-left:1em}</style>
        </head>
        <body>
        <h1>Roller</h1>
        {{#served}}
        <p>Serving commit <code>{{revision}}</code> of {{committed}}, seen to be the newest {{age}} s ago.</p>
        {{/served}}
        {{^served}}
        <p>There is no good commit to serve.</p>
        {{/served}}
        {{#refused}}
        <p class="refused">The newest commit is refused: {{reason}}. <a href="/readyz">Why</a></p>
        {{/refused}}
        <ul>
        <li><a href="/v1/hosts">Hosts</a>: {{hosts}}</li>
        <li><a href="/v1/hostclasses">Host classes</a>: {{hostclasses}}</li>
        <li><a href="/v1/datacenters">Datacenters</a>: {{datacenters}}</li>
        <li><a href="/v1/packages">Packages</a></li>
        </ul>
        </body>
        </html>

        """
}
