import Synchronization
import SystemPackage

@testable import RollerCtl

/// What a run of rollerctl gave.
struct Run {
    let status: RunStatus
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String
}

/// 2026-11-22 12:00 UTC.
let noon: Int64 = 1_795_305_600 + 12 * 3600

/// What child processes need so that nothing of this machine's user shows in what they do.
let gitVariables = [
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com", "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@example.com",
]

/// Runs rollerctl in this process, with everything that it takes from outside made up.
func rollerctl(
    _ arguments: [String], in directory: FilePath, variables: [String: String] = [:], now: Int64 = noon
) async -> Run {
    let text = Collected()
    let console = Console(write: { text.add($0, $1) }, coloured: [], showsProgress: false)
    let surroundings = Surroundings(
        console: console, directory: directory, variables: variables, childVariables: gitVariables,
        sleep: { _ in }, now: { now })
    let status = await RollerCtl.run(arguments, in: surroundings)
    return Run(status: status, output: text.all(.output), errors: text.all(.errors))
}

/// Both streams, as they are written.
private final class Collected: Sendable {
    private let texts = Mutex<[Console.Stream: String]>([:])

    func add(_ stream: Console.Stream, _ text: String) { texts.withLock { $0[stream, default: ""] += text } }
    func all(_ stream: Console.Stream) -> String { texts.withLock { $0[stream] ?? "" } }
}
