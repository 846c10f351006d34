import LinuxSystem
import RollerCore
import Synchronization
import SystemPackage
import Testing

@testable import Roll

@Suite(.timeLimit(.minutes(1))) struct HealthProbeTests {
    private func outcome(_ probe: HealthCheck.Probe, within: String = "3s") async throws -> RollState.Outcome {
        let host = try TestHost()
        return await HealthProbe(commands: host.commands).waitUntilHealthy(
            [service("web", checks: [HealthCheck(probe, within: known(within))])]) { _ in }
    }

    private func failure(_ probe: HealthCheck.Probe, within: String = "3s") async throws -> String {
        guard case .failed(let why) = try await outcome(probe, within: within) else {
            Issue.record("it is healthy")
            return ""
        }
        #expect(why.hasPrefix("'web' is not healthy: "), "\(why)")
        return why
    }

    @Test func anAnswerOf200Passes() async throws {
        let server = try TestServer { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok" }
        #expect(try await outcome(.http("http://127.0.0.1:\(server.port)/"), within: "5s") == .done)
    }

    @Test(arguments: ["500 Oops", "404 Not Found", "302 Found", "101 Switching Protocols"])
    func anyOtherAnswerDoesNot(_ status: String) async throws {
        let server = try TestServer { port in
            "HTTP/1.1 \(status)\r\nLocation: http://127.0.0.1:\(port)/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        }
        let why = try await failure(.http("http://127.0.0.1:\(server.port)/"))
        #expect(why.contains("127.0.0.1:\(server.port)"), "\(why)")
        if !status.hasPrefix("101") { #expect(why.contains("answered \(status.prefix(3))"), "\(why)") }
    }

    @Test func nobodyListensIsToldAfterTheTimeGiven() async throws {
        let clock = ContinuousClock()
        let began = clock.now
        let why = try await failure(.http("http://127.0.0.1:1/"), within: "400ms")
        #expect(why.contains("400ms after its start"), "\(why)")
        #expect(began.duration(to: clock.now) < .seconds(60))
    }

    @Test func aServerThatDoesNotAnswerIsNotWaitedForLongerThanTheTimeGiven() async throws {
        let server = try TestServer { _ in nil }
        let clock = ContinuousClock()
        let began = clock.now
        _ = try await failure(.http("http://127.0.0.1:\(server.port)/"), within: "400ms")
        #expect(began.duration(to: clock.now) < .seconds(60))
    }

    /// A first answer may take long, when the class allows for it.
    @Test func aSlowAnswerPassesWithinTheTimeGiven() async throws {
        let server = try TestServer(delay: .milliseconds(2500)) { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        }
        #expect(try await outcome(.http("http://127.0.0.1:\(server.port)/"), within: "20s") == .done)
    }

    @Test func aServiceThatComesUpLaterPasses() async throws {
        let asked = Mutex(0)
        let server = try TestServer { _ in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            return "HTTP/1.1 \(count < 3 ? 503 : 200) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        }
        #expect(try await outcome(.http("http://127.0.0.1:\(server.port)/"), within: "20s") == .done)
        #expect(asked.withLock { $0 } == 3)
    }

    @Test func aPortThatAcceptsPassesAndOneThatDoesNotFails() async throws {
        let server = try TestServer { _ in "" }
        #expect(try await outcome(.tcp("127.0.0.1:\(server.port)")) == .done)
        let why = try await failure(.tcp("127.0.0.1:1"))
        #expect(why.contains("127.0.0.1:1"), "\(why)")
        #expect(try await failure(.tcp("127.0.0.1")).contains("names no port"))
    }

    @Test func aCommandPassesByItsExitCode() async throws {
        #expect(try await outcome(.run(["/bin/sh", "-c", "exit 0"]), within: "60s") == .done)
        #expect(
            try await failure(.run(["/bin/sh", "-c", "echo sick; exit 1"]), within: "8s").contains("exit code 1: sick"))
    }

    @Test func aCommandThatHangsIsEndedSoon() async throws {
        let clock = ContinuousClock()
        let began = clock.now
        _ = try await failure(.run(["/bin/sh", "-c", "trap '' TERM; sleep 1000"]), within: "400ms")
        #expect(began.duration(to: clock.now) < .seconds(60))
    }

    @Test func allChecksMustPass() async throws {
        let host = try TestHost()
        let checks = [
            HealthCheck(.run(["/bin/true"]), within: known("1s")),
            HealthCheck(.run(["/bin/false"]), within: known("200ms")),
        ]
        let passed = Mutex<[ServiceName]>([])
        let outcome = await HealthProbe(commands: host.commands).waitUntilHealthy(
            [service("a"), service("web", checks: checks)]) { name in passed.withLock { $0.append(name) } }
        guard case .failed = outcome else {
            Issue.record("it is healthy")
            return
        }
        #expect(passed.withLock { $0 } == [known("a")])
    }
}
