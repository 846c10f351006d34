import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

/// Reloads, requests to end, ill services and budgets, with real commands.
@Suite(.timeLimit(.minutes(1))) struct MachineServiceTests {
    private func noting(_ name: String, reload: String? = nil, checks: [HealthCheck] = []) -> Service {
        service(
            name, start: "echo start-\(name) >>log; touch \(name)", stop: "echo stop-\(name) >>log; rm -f \(name)",
            reload: reload ?? "echo reload-\(name) >>log", checks: checks)
    }

    private func log(_ host: TestHost) throws -> [String] {
        guard try host.status("local/log") != nil else { return [] }
        return try host.read("local/log").split(separator: "\n").map(String.init)
    }

    private func check(_ script: String, within: String = "1s") -> HealthCheck {
        HealthCheck(.run(["/bin/sh", "-c", script]), within: known(within))
    }

    private func machine(_ host: TestHost, _ change: (inout RollTerms) -> Void = { _ in }) -> Machine {
        var terms = RollTerms()
        change(&terms)
        return Machine(host.home, committing: .untouched, resuming: false, terms: terms)
    }

    @Test func aReloadedServiceIsNotStopped() async throws {
        let host = try TestHost()
        let machine = machine(host)
        #expect(await machine.perform(.start([], reloading: [noting("a")])) == .done)
        #expect(try log(host) == ["reload-a"])
        #expect(machine.downtime.services.isEmpty)
    }

    @Test func aServiceThatWillNotReloadIsRestarted() async throws {
        let host = try TestHost()
        let machine = machine(host)
        let stubborn = noting("a", reload: "echo no; exit 1")
        #expect(await machine.perform(.start([], reloading: [stubborn])) == .done)
        #expect(try log(host) == ["stop-a", "start-a"])
        #expect(machine.unreloaded[known("a")]?.contains("no") == true)
    }

    @Test func onTheWayBackFilesAreReadAnewAgain() async throws {
        let host = try TestHost()
        let machine = machine(host)
        #expect(await machine.perform(.start([], reloading: [noting("a")])) == .done)
        #expect(await machine.perform(.restore([], reloading: [noting("a"), noting("b")])) == .done)
        #expect(try log(host) == ["reload-a", "reload-a"], "b was never told")
    }

    @Test func aServiceThatWasRestartedInsteadIsRestartedOnTheWayBackToo() async throws {
        let host = try TestHost()
        let machine = machine(host)
        #expect(await machine.perform(.start([], reloading: [noting("a", reload: "exit 1")])) == .done)
        #expect(await machine.perform(.restore([], reloading: [noting("a")])) == .done)
        #expect(try log(host) == ["stop-a", "start-a", "stop-a", "start-a"])
    }

    @Test func aRequestToEndBeforeTheFirstStopStopsNothing() async throws {
        let host = try TestHost()
        let machine = machine(host) { $0.endRequest = { "enough" } }
        #expect(await machine.perform(.stop([noting("a")])) == .interrupted("enough"))
        #expect(machine.asked.isEmpty)
        #expect(try log(host) == [])
    }

    @Test func aRequestToEndBetweenStopsStartsAgainWhatStopped() async throws {
        let host = try TestHost()
        let machine = machine(host) { $0.endRequest = { (try? host.status("local/log")) != nil ? "enough" : nil } }
        #expect(await machine.perform(.stop([noting("b"), noting("a")])) == .interrupted("enough"))
        #expect(await machine.perform(.restore([noting("a"), noting("b")], reloading: [])) == .done)
        #expect(try log(host) == ["stop-b", "start-b"])
    }

    @Test func aRequestToEndIsHeardBeforeTheExchangeAndNotAfter() async throws {
        let host = try TestHost()
        let early = machine(host) { $0.endRequest = { "enough" } }
        #expect(await early.perform(.makeLive(generation(0))) == .interrupted("enough"))
        #expect(await early.perform(.makeLive(generation(0))) == .done, "the way back")
        #expect(await early.perform(.start([noting("a")], reloading: [])) == .done)
        #expect(await early.perform(.stop([noting("a")])) == .done)
    }

    @Test func whatAnIllServiceWasAwayForIsNotCounted() async throws {
        let host = try TestHost()
        let list = [noting("ill", checks: [check("true")]), noting("well", checks: [check("true")])]
        let machine = machine(host) { $0.ill = [known("ill")] }
        #expect(await machine.perform(.stop(list)) == .done)
        #expect(await machine.perform(.start(list, reloading: [])) == .done)
        #expect(await machine.perform(.check(list)) == .done)
        #expect(Set(machine.downtime.services.keys) == [known("well")])
    }

    @Test func aServiceThatStaysIllIsSaidToHaveBeen() async throws {
        let host = try TestHost()
        let machine = machine(host) { $0.ill = [known("a")] }
        guard
            case .failed(let why) = await machine.perform(
                .check([noting("a", checks: [check("false", within: "1ms")])]))
        else {
            Issue.record("it is healthy")
            return
        }
        #expect(why.hasSuffix("it was not before this roll either"), "\(why)")
    }

    /// The class allows its check ten minutes, and its services 50 ms.
    @Test func aServiceThatIsNotUpWhenTheBudgetEndsTakesTheRollBack() async throws {
        let host = try TestHost()
        let slow = [noting("a", checks: [check("test -e never", within: "10m")])]
        let machine = machine(host) { $0.budget = .milliseconds(50) }
        #expect(await machine.perform(.stop(slow)) == .done)
        #expect(await machine.perform(.start(slow, reloading: [])) == .done)
        guard case .failed(let why) = await machine.perform(.check(slow)) else {
            Issue.record("it is healthy")
            return
        }
        #expect(why.hasSuffix("when the downtime budget was used up"), "\(why)")
    }

    @Test func aServiceThatComesUpAfterItsBudgetIsToldOf() async throws {
        let host = try TestHost()
        let list = [noting("a", checks: [check("true")])]
        let machine = machine(host) { $0.budget = .milliseconds(1) }
        #expect(await machine.perform(.stop(list)) == .done)
        #expect(await machine.perform(.start(list, reloading: [])) == .done)
        #expect(await machine.perform(.check(list)) == .done)
        #expect(machine.downtime.overBudget.map(\.service) == [known("a")])
    }

    @Test func theLastLinesOfAServiceThatWouldNotStartAreKept() async throws {
        let host = try TestHost()
        let machine = machine(host)
        let noisy = service("a", start: "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3")
        guard case .failed = await machine.perform(.start([noisy], reloading: [])) else {
            Issue.record("it started")
            return
        }
        let trouble = try #require(machine.log.troubles[known("a")])
        #expect(trouble.lines.count == 10)
        #expect(trouble.lines.last == "line 12")
        #expect(trouble.result.contains("exit code 3"), "\(trouble.result)")
    }

    @Test func allServicesAreAskedForTheirHealthAtOnce() async throws {
        let host = try TestHost()
        let list = [
            service("well", checks: [check("true")]), service("ill", checks: [check("false")]), service("unchecked"),
        ]
        let health = await HealthProbe(commands: host.commands).health(of: list)
        #expect(health == [known("well"): true, known("ill"): false])
    }

    @Test(arguments: [
        ("[Unit]\n[Install]\nWantedBy=multi-user.target\n", true), (" [Install] \n", true), ("#[Install]\n", false),
        ("[Unit]\nDescription=[Install]\n", false), ("", false),
    ])
    func unitsSayThemselvesWhetherTheyStartAtBoot(_ text: String, _ expected: Bool) {
        #expect(BootUnits.hasInstallSection(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("a.service", "a.service"), ("getty@tty1.service", "getty@.service"), ("a.b@c.d.timer", "a.b@.timer"),
    ])
    func instancesAreReadFromTheirTemplates(_ unit: String, _ file: String) {
        #expect(BootUnits.file(of: unit) == file)
    }

    /// A process whose directory is in an earlier tree.
    @Test func processesThatUseEarlierTreesAreFound() async throws {
        let host = try TestHost()
        try host.write("", to: "local.roller/generations/7/etc/x")
        #expect(try host.home.restartDebt().isEmpty)
        let debt = try await host.shell(
            "cd local.roller/generations/7/etc && exec 3<x && sleep 100 & echo $! >pid; read pid <pid; while ! [ -e /proc/$pid/fd/3 ]; do :; done"
        )
        #expect(debt.code == 0)
        let process = try #require(Int32(try host.read("pid").filter(\.isNumber)))
        let found = try host.home.restartDebt()
        try await host.shell("kill \(process)")
        #expect(found.map(\.process).contains(process), "\(found)")
        #expect(found.allSatisfy { $0.generations == [7] })
    }
}
