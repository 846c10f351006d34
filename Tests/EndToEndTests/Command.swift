import Glibc
import LinuxSystem
import Subprocess
import SystemPackage
import Testing

/// What a command printed, and how it ended.
struct CommandResult: Sendable, CustomStringConvertible {
    let command: String
    /// The exit code; 128 and the signal's number for one that was killed, as shells say it.
    let code: Int32
    let output: String
    let errors: String

    var description: String { "$ \(command)\n\(output)\(errors)[exit \(code)]" }
}

/// Runs a program to its end with an environment that owes nothing to whoever runs the tests.
func run(
    _ program: String, _ arguments: [String], in directory: FilePath, environment: [String: String] = [:]
) async throws -> CommandResult {
    var values = [
        "PATH": searchPath, "HOME": directory.string, "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.com", "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@example.com",
    ]
    values.merge(environment) { _, own in own }
    let keys = values.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let result = try await Subprocess.run(
        program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
        environment: .custom(Dictionary(uniqueKeysWithValues: keys)), workingDirectory: directory, input: .none,
        output: .string(limit: 8 << 20), error: .string(limit: 8 << 20))
    let code: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    return CommandResult(
        command: ([program] + arguments).joined(separator: " "), code: code, output: result.standardOutput,
        errors: result.standardError)
}

/// Where the programs under test were built: beside the program that these tests run in.
let builtPrograms: FilePath = {
    guard let own = try? Processes.ownProgram() else { return "/proc/self" }
    return own.removingLastComponent()
}()

/// Where commands are looked for. ROLLER_PROGRAMS, where it is set, names a folder whose programs stand in for those built
/// here, such as a release's dist.
private let searchPath: String = {
    let usual = "\(builtPrograms):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    guard let folder = getenv("ROLLER_PROGRAMS") else { return usual }
    return "\(String(cString: folder)):\(usual)"
}()

/// Where the package stands.
let packageRoot = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
