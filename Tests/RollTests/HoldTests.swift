import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

@Suite struct HoldTests {
    private let quiet = Report(isQuiet: true, isVerbose: false)

    @Test func aHoldIsInForceUntilItsEndAndNotAfter() throws {
        let host = try TestHost()
        try host.home.write(Hold(until: 1000, reason: "disk swap", since: 500))
        #expect(try host.home.hold(at: 999)?.reason == "disk swap")
        #expect(try host.home.hold(at: 1000) == nil)
    }

    @Test func aHoldThatCannotBeReadHolds() throws {
        let host = try TestHost()
        try host.write("{", to: "local.roller/hold.json")
        #expect(try host.home.hold(at: 1)?.reason.contains("cannot be read") == true)
        try host.home.endHold()
        #expect(try host.home.hold(at: 1) == nil)
    }

    @Test func aTrialIsOverByTheClockOfItsBootWhateverTheTimeOfDay() throws {
        let trial = try Trial(of: generation(2), goingBackTo: generation(1), for: .seconds(60), now: 1_000_000)
        for now in [0, 1_000_000, 2_000_000] {
            let left = try trial.remaining(at: now)
            #expect(left > .seconds(50) && left <= .seconds(60), "at \(now): \(left)")
        }
        #expect(try Trial(of: generation(2), goingBackTo: generation(1), for: .zero, now: 9).remaining(at: 0) <= .zero)
    }

    @Test func afterARebootTheTimeOfDayCounts() throws {
        let host = try TestHost()
        try host.write(
            "{\"generation\":2,\"back\":1,\"until\":1000,\"boot\":\"another\",\"untilSinceBoot\":99999999999}",
            to: "local.roller/trial.json")
        let trial = try #require(try host.home.trial(of: generation(2), quiet))
        #expect(try trial.remaining(at: 999) > .zero)
        #expect(try trial.remaining(at: 1000) <= .zero)
    }

    @Test func aTrialOfAnotherGenerationThanTheLiveOneIsVoid() throws {
        let host = try TestHost()
        try host.home.write(Trial(of: generation(2), goingBackTo: generation(1), for: .seconds(60), now: 0))
        #expect(try host.home.trial(of: generation(2), quiet) != nil)
        #expect(try host.home.trial(of: generation(3), quiet) == nil)
        try host.home.endTrial()
        #expect(try host.home.trial(of: generation(2), quiet) == nil)
    }
}
