import RollerCore
import Synchronization
import Testing

@testable import Roll

@Suite(.timeLimit(.minutes(1))) struct ServiceRunnerTests {
    private func runner(_ host: TestHost) -> ServiceRunner {
        ServiceRunner(commands: host.commands, health: HealthProbe(commands: host.commands))
    }

    /// A service that notes what is asked of it, and runs while a file of its name is there.
    private func noting(_ name: String, stop: String? = nil, checked: Bool = true) -> Service {
        service(
            name, start: "echo start-\(name) >>log; touch \(name)",
            stop: stop ?? "echo stop-\(name) >>log; rm -f \(name)",
            checks: checked ? [HealthCheck(.run(["/bin/sh", "-c", "test -e \(name)"]), within: known("200ms"))] : [])
    }

    private func log(_ host: TestHost) throws -> [String] {
        guard try host.status("local/log") != nil else { return [] }
        return try host.read("local/log").split(separator: "\n").map(String.init)
    }

    @Test func servicesStartAndStopInTheOrderGiven() async throws {
        let host = try TestHost()
        let list = ["a", "b", "c"].map { noting($0) }
        #expect(await runner(host).start(list) == .done)
        #expect(await runner(host).stop(list.reversed(), goingOn: false) { _ in } == .done)
        #expect(try log(host) == ["start-a", "start-b", "start-c", "stop-c", "stop-b", "stop-a"])
    }

    /// The order of a plan's services is that of starting; stopping turns it round.
    @Test func aPlanStopsInReverse() {
        let list = ["a", "b"].map { noting($0) }
        let plan = plan(from: 1, to: 2, stopping: list, starting: list)
        #expect(RollState.doing(.stop, plan).effect == .stop(list.reversed()))
        #expect(RollState.doing(.start, plan).effect == .start(list, reloading: []))
    }

    @Test func aServiceThatWillNotStopEndsTheStopping() async throws {
        let host = try TestHost()
        let list = [noting("a"), noting("b", stop: "exit 1"), noting("c")]
        #expect(await runner(host).start(list) == .done)
        let stopped = Mutex<[ServiceName]>([])
        let outcome = await runner(host).stop(list, goingOn: false) { name in stopped.withLock { $0.append(name) } }
        guard case .failed(let why) = outcome else {
            Issue.record("it stopped")
            return
        }
        #expect(why.contains("cannot stop 'b'"), "\(why)")
        #expect(stopped.withLock { $0 } == [known("a")])
        #expect(try host.status("local/c") != nil, "what comes after it was left alone")
    }

    @Test func onTheWayBackTheOthersStopAllTheSame() async throws {
        let host = try TestHost()
        let list = [noting("a"), noting("b", stop: "exit 1"), noting("c")]
        #expect(await runner(host).start(list) == .done)
        let outcome = await runner(host).stop(list, goingOn: true) { _ in }
        guard case .failed = outcome else {
            Issue.record("it stopped")
            return
        }
        #expect(try host.status("local/c") == nil)
    }

    @Test func aServiceThatWasIllDoesNotVetoItsOwnCure() async throws {
        let host = try TestHost()
        let outcome = await runner(host).stop([noting("a", stop: "echo not running; exit 1")], goingOn: false) { _ in }
        #expect(outcome == .done)
    }

    @Test func afterACrashWhatRunsIsLeftAndWhatDoesNotIsStarted() async throws {
        let host = try TestHost()
        let list = [noting("a"), noting("b")]
        try await host.shell("touch local/a")
        #expect(await runner(host).start(list, mayRun: [known("a"), known("b")]) == .done)
        #expect(try log(host) == ["stop-b", "start-b"])
    }
}

@Suite(.timeLimit(.minutes(1))) struct MachineTests {
    private func noting(_ name: String, stop: String? = nil) -> Service {
        service(
            name, start: "echo start-\(name) >>log; touch \(name)",
            stop: stop ?? "echo stop-\(name) >>log; rm -f \(name)")
    }

    private func log(_ host: TestHost) throws -> [String] {
        guard try host.status("local/log") != nil else { return [] }
        return try host.read("local/log").split(separator: "\n").map(String.init)
    }

    /// A roll whose journal cannot be written ends before the first stop.
    @Test func servicesThatWereNeverToldToStopAreLeftAlone() async throws {
        let host = try TestHost()
        let machine = Machine(host.home, committing: .untouched, resuming: false)
        #expect(await machine.perform(.restore([noting("a")], reloading: [])) == .done)
        #expect(try log(host) == [])
    }

    @Test func afterACrashNobodyKnowsWhatRuns() async throws {
        let host = try TestHost()
        let machine = Machine(host.home, committing: .untouched, resuming: true)
        #expect(await machine.perform(.restore([noting("a")], reloading: [])) == .done)
        #expect(try log(host) == ["stop-a", "start-a"])
    }

    @Test func whatWasStoppedIsStartedAgain() async throws {
        let host = try TestHost()
        let machine = Machine(host.home, committing: .untouched, resuming: false)
        #expect(await machine.perform(.stop([noting("a")])) == .done)
        #expect(await machine.perform(.restore([noting("a"), noting("b")], reloading: [])) == .done)
        #expect(try log(host) == ["stop-a", "start-a"])
    }

    /// A service of the new tree that will not go away is not the old one, however well it answers.
    @Test func aNewServiceThatWillNotStopIsNotTakenForTheOldOne() async throws {
        let host = try TestHost()
        let check = [HealthCheck(.run(["/bin/true"]), within: known("1s"))]
        let new = service("a", start: "touch a", stop: "exit 1", checks: check)
        let machine = Machine(host.home, committing: .untouched, resuming: false)
        #expect(await machine.perform(.start([new], reloading: [])) == .done)
        guard case .failed = await machine.perform(.stop([new])) else {
            Issue.record("it stopped")
            return
        }
        guard
            case .failed(let why) = await machine.perform(
                .restore([service("a", stop: "exit 1", checks: check)], reloading: []))
        else {
            Issue.record("it was taken for the old one")
            return
        }
        #expect(why.contains("'a'"), "\(why)")
    }

    @Test func aNewServiceThatIsInNoOldTreeAndWillNotStopIsTold() async throws {
        let host = try TestHost()
        let check = [HealthCheck(.run(["/bin/true"]), within: known("1s"))]
        let new = service("fresh", stop: "exit 1", checks: check)
        let machine = Machine(host.home, committing: .untouched, resuming: false)
        #expect(await machine.perform(.start([new], reloading: [])) == .done)
        _ = await machine.perform(.stop([new]))
        guard case .failed(let why) = await machine.perform(.restore([], reloading: [])) else {
            Issue.record("nobody heard of it")
            return
        }
        #expect(why.contains("'fresh'"), "\(why)")
    }

    @Test func aServiceThatStillAnswersAfterItsStopSucceededDidNotStop() async throws {
        let host = try TestHost()
        let server = try TestServer { _ in nil }
        let stubborn = service(
            "a", stop: "true", checks: [HealthCheck(.tcp("127.0.0.1:\(server.port)"), within: known("1s"))])
        let health = HealthProbe(commands: host.commands)
        let outcome = await ServiceRunner(commands: host.commands, health: health)
            .stop([stubborn], goingOn: false) { _ in }
        guard case .failed(let why) = outcome else {
            Issue.record("it stopped")
            return
        }
        #expect(why.contains("still answers its checks"), "\(why)")
    }

    @Test func whatOthersSaySteersNoTerminal() {
        #expect(printableLines("a\u{1b}[2Jb\n\tc\u{202e}d\r") == "a\\u{1b}[2Jb\n\tc\\u{202e}d\\u{d}")
    }
}
