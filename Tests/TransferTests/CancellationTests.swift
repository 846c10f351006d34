import Synchronization
import SystemPackage
import Testing
import Transfer

@Suite("Cancellation and tasks", .timeLimit(.minutes(1)))
struct CancellationTests {
    /// Nothing but the cancellation may end these.
    private var patient: TransferLimits {
        TransferLimits(connect: .seconds(60), stall: TransferLimits.Stall(bytesPerSecond: 1, window: .seconds(30)))
    }

    @Test("a task gets its answer")
    func answer() async throws {
        try await RudeServer.serving([.readRequest, .answer("200 OK", body: "hi")]) {
            let response = try await quickClient().send(HTTPRequest(url: $0.url))
            #expect(response.body.text == "hi")
        }
    }

    @Test("a task that downloads gets its file, and one that uploads its answer")
    func files() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("x")
        let script: [Step] = [.readRequest, .answer("200 OK", body: "hi"), .readRequest, .answer("201 Created")]
        try await RudeServer.serving(script) { server in
            let client = try quickClient()
            guard case .complete(let download) = try await client.download(HTTPRequest(url: server.url), to: file)
            else {
                Issue.record("declined")
                return
            }
            #expect(download.size == 2)
            let response = try await client.upload(file, to: server.url)
            #expect(response.status == 201)
        }
    }

    @Test(
        "cancelling a task ends its exchange at once, waiting or not",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
    func task(_ text: String) async throws {
        // On a kept connection, since a new one has timers that would wake the sleeper too.
        let script: [Step] = [.readRequest, .answer("200 OK"), .readRequest, .send(text), .hold]
        try await RudeServer.serving(script) { server in
            let client = try quickClient { $0.limits = patient }
            _ = try await client.send(HTTPRequest(url: server.url))
            let task = Task { try await client.send(HTTPRequest(url: server.url)) }
            while server.requests.count < 2 { await Task.yield() }
            let start = ContinuousClock.now
            task.cancel()
            let result = await task.result
            #expect(throws: TransferError.cancelled) { try result.get() }
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test("what is cancelled before it begins asks nobody")
    func before() async throws {
        let cancellation = TransferCancellation()
        cancellation.cancel()
        let client = try quickClient()
        let error = failure { () throws(TransferError) in
            try client.send(HTTPRequest(url: "http://127.0.0.1:9/"), cancellation: cancellation)
        }
        #expect(error == .cancelled)
    }

    @Test("a callback may cancel its own exchange")
    func fromCallback() async throws {
        let script: [Step] = [.readRequest, .head("200 OK", "Content-Length: 9"), .send("x"), .hold]
        try await RudeServer.serving(script) { server in
            let client = try quickClient { $0.limits = patient }
            let cancellation = TransferCancellation()
            let error = failure { () throws(TransferError) in
                try client.send(
                    HTTPRequest(url: server.url), progress: { _ in cancellation.cancel() }, cancellation: cancellation)
            }
            #expect(error == .cancelled)
        }
    }

    @Test("a client is good for another request after one that was cancelled, stalled or cut")
    func after() async throws {
        try await RudeServer.serving(
            [.readRequest, .hold], [.readRequest, .reset], [.readRequest, .answer("200 OK", body: "hi")]
        ) { server in
            let client = try quickClient()
            #expect(failure { () throws(TransferError) in try client.send(HTTPRequest(url: server.url)) } != nil)
            #expect(failure { () throws(TransferError) in try client.send(HTTPRequest(url: server.url)) } != nil)
            let response = try client.send(HTTPRequest(url: server.url))
            #expect(response.body.text == "hi")
        }
    }
}
