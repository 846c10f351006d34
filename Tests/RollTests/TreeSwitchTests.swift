import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

@Suite struct TreeSwitchTests {
    /// A host whose live tree is one generation, with others beside it.
    private func host(live: Int?, stored: [(String, Int?)]) throws -> TestHost {
        let host = try TestHost()
        if let live { try host.mark("local", live) }
        for (name, number) in stored { try host.makeTree(name, is: number) }
        return host
    }

    private func stored(_ host: TestHost) throws -> [String: Int] {
        Dictionary(
            try host.home.storedGenerations().map { ($0.name, $0.generation.number) }, uniquingKeysWith: { a, _ in a })
    }

    @Test func theTreesChangePlacesAndNames() throws {
        let host = try host(live: 4, stored: [("5", 5), ("3", 3)])
        try host.tree.makeLive(generation(5))
        #expect(try host.home.liveGeneration() == generation(5))
        #expect(try stored(host) == ["4": 4, "3": 3])
    }

    @Test func askedTwiceItHappensOnce() throws {
        let host = try host(live: 4, stored: [("5", 5)])
        try host.tree.makeLive(generation(5))
        try host.tree.makeLive(generation(5))
        #expect(try host.home.liveGeneration() == generation(5))
        #expect(try stored(host) == ["4": 4])
    }

    @Test func anExchangeWithoutItsRenamingIsFinishedWhenAskedAgain() throws {
        let host = try host(live: 5, stored: [("5", 4)])
        try host.tree.makeLive(generation(5))
        #expect(try stored(host) == ["4": 4])
    }

    @Test func anExchangeWithoutItsRenamingCanBeTakenBack() throws {
        let host = try host(live: 5, stored: [("5", 4)])
        try host.tree.makeLive(generation(4))
        #expect(try host.home.liveGeneration() == generation(4))
        #expect(try stored(host) == ["5": 5])
    }

    @Test func theTreeFromBeforeRollerKeepsItsPlace() throws {
        let host = try host(live: nil, stored: [("1", 1)])
        try host.write("mine", to: "local/bin/mine")
        try host.tree.makeLive(generation(1))
        #expect(try stored(host) == ["0": 0])
        #expect(try host.read("local.roller/generations/0/bin/mine") == "mine")
        try host.tree.makeLive(.beforeRoller)
        #expect(try host.read("local/bin/mine") == "mine")
        #expect(try stored(host) == ["1": 1])
    }

    @Test func theTreeFromBeforeRollerIsFoundUnderTheNameOfTheOneThatTookItsPlace() throws {
        let host = try host(live: 1, stored: [("1", nil)])
        try host.write("mine", to: "local.roller/generations/1/bin/mine")
        try host.tree.makeLive(.beforeRoller)
        #expect(try host.read("local/bin/mine") == "mine")
        #expect(try stored(host) == ["1": 1])
    }

    @Test func anUnfinishedCandidateIsNoGeneration() throws {
        let host = try host(live: 4, stored: [("5", nil), ("3", 3)])
        #expect(try stored(host) == ["3": 3])
        #expect(throws: FileError.self) { try host.tree.makeLive(generation(5)) }
        #expect(throws: FileError.self) { try host.tree.makeLive(.beforeRoller) }
        #expect(try host.home.liveGeneration() == generation(4), "nothing moved")
    }

    @Test(arguments: ["05", "+5", "5 ", "0x5", "-5", ".removing-5"])
    func onlyPlainNumbersNameTrees(_ name: String) throws {
        let host = try host(live: 4, stored: [(name, 5)])
        #expect(try stored(host).isEmpty)
    }

    @Test func aMarkerThatCannotBeReadIsNotTakenForTheTreeFromBeforeRoller() throws {
        let host = try host(live: nil, stored: [])
        try host.write("{\"generation\":", to: "local/.roller/generation.json")
        #expect(throws: FileError.self) { try host.home.liveGeneration() }
    }

    @Test func nothingAtThePrefixIsNoGeneration() throws {
        let host = try TestHost(withPrefix: false)
        #expect(try host.home.liveGeneration() == nil)
    }
}

@Suite struct AdoptionTests {
    private func refusal(
        _ host: TestHost, adopts: Bool = false, state: HostState = .untouched
    ) throws -> RollError? {
        do {
            try Adoption(home: host.home, adopts: adopts).check(
                live: try host.home.liveGeneration(), state: state, writing: true)
            return nil
        } catch let error as RollError {
            return error
        }
    }

    @Test func aMissingPrefixIsMadeOnlyWhenAskedFor() throws {
        let host = try TestHost(withPrefix: false)
        #expect(try refusal(host)?.exit == .refused)
        #expect(try host.status("local") == nil)
        #expect(try refusal(host, adopts: true) == nil)
        #expect(try host.status("local")?.kind == .directory)
    }

    @Test func anEmptyPrefixNeedsNoLeave() throws {
        #expect(try refusal(TestHost()) == nil)
    }

    @Test func filesOfOthersAreReplacedOnlyWhenAskedFor() throws {
        let host = try TestHost()
        try host.write("mine", to: "local/bin/mine")
        #expect(try refusal(host)?.exit == .refused)
        #expect(try refusal(host, adopts: true) == nil)
    }

    @Test(arguments: ["echo file >local", "mkdir real && ln -s real local", "mkfifo local"])
    func aPrefixThatIsNoDirectoryIsRefusedBeforeAnythingIsFetched(_ script: String) async throws {
        let host = try TestHost(withPrefix: false)
        #expect(try await host.shell(script).code == 0)
        let error = try #require(throws: RollError.self) { try host.home.checkPrefix() }
        #expect(error.exit == .staging)
        #expect(explain(error).contains("must be a plain directory"), "\(explain(error))")
    }
}
