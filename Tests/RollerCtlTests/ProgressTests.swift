import Synchronization
import Testing

@testable import RollerCtl

struct ProgressTests {
    @Test(arguments: [true, false])
    func shortWorkShowsNothing(_ isWatched: Bool) async throws {
        let written = Written()
        let console = Console(write: { written.add($1) }, coloured: [], showsProgress: isWatched)
        #expect(try await console.watching("checking") { 7 } == 7)
        #expect(written.text == "")
    }

    @Test func workThatFailsFails() async {
        let console = Console(write: { _, _ in }, coloured: [], showsProgress: true)
        await #expect(throws: Failure.self) { try await console.watching("checking") { throw Failure() } }
    }

    private struct Failure: Error {}

    private final class Written: Sendable {
        private let all = Mutex("")
        func add(_ more: String) { all.withLock { $0 += more } }
        var text: String { all.withLock { $0 } }
    }
}
