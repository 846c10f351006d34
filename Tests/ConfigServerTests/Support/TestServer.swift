import LinuxSystem
import Logging
import RollerCore
import SystemPackage
import Testing
import Transfer

@testable import ConfigServer

/// A config server on a port of its own, over a repository and a store of its own.
struct TestServer: Sendable {
    let root: FilePath
    let repository: TestRepository
    let port: Int
    /// What it answers.
    let routes: [Route]
    /// Ends the server as SIGTERM does.
    let stop: AsyncStream<Never>.Continuation
    private let client: HTTPClient

    /// A token that may publish, and one that may refresh.
    static let publisher = "publisher-token"
    static let refresher = "refresher-token"

    var base: String { "http://127.0.0.1:\(port)" }
    var store: FilePath { root.appending("store") }

    /// Runs a server while `body` runs, and removes all it left.
    /// - Parameters:
    ///   - configure: Changes the options before the server is made.
    ///   - prepare: Changes the repository before the server sees it.
    static func with(
        configure: (inout ServerOptions) -> Void = { _ in },
        prepare: (TestRepository) async throws -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let name = "config-server-tests-\(UInt64.random(in: .min ... .max))"
        let holder = try Directory.open("/tmp", followingLinks: true)
        try holder.makeDirectory(name, permissions: 0o700)
        defer { _ = try? holder.removeTree(name) }
        let root = FilePath("/tmp").appending(name)
        let repository = try await TestRepository.make(at: root.appending("repository"))
        try await prepare(repository)
        let tokens = """
            # who may write
            publish \(Digest(of: publisher)) the publisher
            refresh \(Digest(of: refresher)) the refresher
            """
        try holder.openDirectory(name).createFile("tokens", permissions: 0o600, bytes: Array(tokens.utf8))
        var options = ServerOptions(
            repository: repository.path, store: root.appending("store"),
            listen: try #require(ListenAddress("127.0.0.1:0")), tokens: root.appending("tokens"),
            // Tests say themselves when to look.
            poll: .seconds(3600), watches: false)
        configure(&options)
        try await run(options, root, repository, body)
    }

    private static func run(
        _ options: ServerOptions, _ root: FilePath, _ repository: TestRepository,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await Server.prepare(options)
        let server = try Server(options, logger: logger)
        let (stop, stopper) = AsyncStream.makeStream(of: Never.self)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await server.run(signals: [], stop: stop) { port.yield($0) }
            }
            var listening = ports.makeAsyncIterator()
            guard let port = await listening.next() else {
                try await tasks.waitForAll()
                Issue.record("the server ended before it listened")
                return
            }
            let client = try HTTPClient(options: TransferOptions(proxy: .direct))
            do {
                try await body(
                    TestServer(
                        root: root, repository: repository, port: port, routes: server.handler.routes.routes,
                        stop: stopper,
                        client: client))
            } catch {
                stopper.finish()
                throw error
            }
            stopper.finish()
            try await tasks.waitForAll()
        }
    }

    /// Sends a request.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [(String, String)] = [],
        body: HTTPRequest.Body = .none
    ) async throws -> HTTPResponse {
        let headers = headers.map { (name: $0.0, value: $0.1) }
        return try await client.send(HTTPRequest(url: base + path, method: method, headers: headers, body: body))
    }

    func get(_ path: String, _ headers: (String, String)...) async throws -> HTTPResponse {
        try await send(.get, path, headers)
    }

    /// Has the server look at the repository.
    @discardableResult
    func refresh() async throws -> HTTPResponse {
        try await send(.post, "/v1/refresh", [("Accept", "application/json")])
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body, which must be JSON.
    func json() throws -> Value { try readJSON(body, as: Value.self) }
}
