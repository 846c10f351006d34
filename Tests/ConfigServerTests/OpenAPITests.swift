import OrderedCollections
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// The description of the API is true.
struct OpenAPITests {
    /// A route or an operation: its method, path and parameters.
    private struct Signature: Hashable, CustomStringConvertible {
        let method: String
        let path: String
        let query: Set<String>
        var description: String { "\(method) \(path) \(query.sorted())" }
    }

    /// A name that takes the rest of a path is one like others in OpenAPI.
    private static func signature(_ route: Route) -> Signature {
        Signature(
            method: "\(route.method)", path: String(route.pattern.replacing("...}", with: "}")),
            query: route.parameters)
    }

    /// Pages for people are no part of the API.
    private static func isOfTheAPI(_ route: Route) -> Bool {
        ["/v1/", "/healthz", "/readyz", "/metrics", "/openapi."].contains(where: route.pattern.hasPrefix)
    }

    @Test func everyRouteIsDescribedAndNothingElse() async throws {
        try await TestServer.with { server async throws in
            let routes = Set(server.routes.filter(Self.isOfTheAPI).map(Self.signature))
            let operations = Set(
                Operation.all.map {
                    Signature(method: "\($0.method)", path: $0.pattern, query: Set($0.query))
                })
            #expect(routes.subtracting(operations) == [], "not described")
            #expect(operations.subtracting(routes) == [], "described, and not there")
            #expect(Operation.all.count == operations.count, "described twice")
        }
    }

    @Test func theDocumentIsServedInBothFormats() async throws {
        try await TestServer.with { server async throws in
            let json = try await server.get("/openapi.json")
            #expect(try json.json()["openapi"] == .string("3.1.0"))
            let yaml = try await server.get("/openapi.yaml")
            #expect(yaml.headers["Content-Type"] == "application/yaml")
            #expect(yaml.text.hasPrefix("openapi: 3.1.0\n") || yaml.text.hasPrefix("openapi: \"3.1.0\"\n"))
        }
    }

    /// Every answer has a status and a media type that the document gives for it, and every name it refers to is there.
    @Test func answersAreWhatTheDocumentSays() async throws {
        try await TestServer.with { server async throws in
            let paths = try #require(try await server.get("/openapi.json").json()["paths"])
            guard case .map(let byPath) = paths else {
                Issue.record("no paths")
                return
            }
            for (pattern, operations) in byPath {
                guard let responses = operations["get"]?["responses"] else { continue }
                var path = pattern
                for (name, value) in [
                    ("host", "web-01.example.com"),
                    ("other", pattern.contains("classes") ? "web@1" : "web-02.example.com"),
                    ("class", "web"), ("datacenter", "snc1"), ("user", "nobody"), ("group", "none"), ("name", "tool"),
                    ("version", "1"), ("platform", "any"), ("path", "etc/motd"), ("range", "main..main"),
                ] { path = String(path.replacing("{\(name)}", with: value)) }
                for query in ["", "?q=web", "?user=nobody", "?nonsense=1"] {
                    let answer = try await server.get(path + query, ("Accept", "application/json"))
                    guard let response = Self.resolved(responses["\(answer.status)"]) else {
                        Issue.record("\(path + query): \(answer.status) is not described")
                        continue
                    }
                    let type = answer.headers["Content-Type"] ?? ""
                    #expect(response["content"]?[type] != nil, "\(path + query): \(answer.status) \(type)")
                }
            }
        }
    }

    /// What is described once for all, where `response` says no more than that.
    private static func resolved(_ response: Value?) -> Value? {
        guard case .string(let target)? = response?["$ref"] else { return response }
        return target.split(separator: "/").dropFirst().reduce(Value?.some(OpenAPIDocument.value)) { value, key in
            value?[String(key)]
        }
    }

    @Test func everyReferenceLeadsToASchema() {
        let known = Set(
            Schema.shared.map { "#/components/schemas/\($0.0)" }
                + SharedResponse.all.map { "#/components/responses/\($0.name)" })
        var found: Set<String> = []
        func look(_ value: Value) {
            switch value {
            case .map(let fields):
                for (key, value) in fields {
                    if key == "$ref", case .string(let target) = value { found.insert(target) }
                    look(value)
                }
            case .list(let items): items.forEach(look)
            default: break
            }
        }
        look(OpenAPIDocument.value)
        #expect(found.subtracting(known) == [])
        #expect(known.subtracting(found) == [], "used by nobody")
    }
}
