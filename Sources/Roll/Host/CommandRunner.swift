import LinuxSystem
import RollerCore
import Subprocess
import Synchronization
import SystemPackage

/// Runs the commands that a class declares: argument lists, no shell, in the prefix, with a clean environment, a limit of
/// time, and their output in a file. A file and not a pipe, because a daemon keeps what it inherits open.
struct CommandRunner: Sendable {
    let home: RollerHome

    /// What came of a command.
    enum Outcome: Equatable {
        case succeeded
        /// In words, with the last line it wrote.
        case failed(String)
    }

    /// Runs `words` to its end.
    /// - Parameters:
    ///   - purpose: Names the file for the output, such as `nginx-start`; one command of a purpose runs at a time.
    ///   - name: What to call it in messages, where that is not its first word.
    ///   - limit: After that long its process group gets SIGTERM, and after `grace` SIGKILL.
    func run(
        _ words: [String], purpose: String, name: String? = nil, limit: Duration, grace: Duration = .seconds(2)
    ) async -> Outcome {
        guard let program = words.first else { return .failed("there is no command") }
        let name = name ?? program
        let log = "\(purpose).log"
        do {
            let output = try open(log)
            let error = try output.duplicate()
            var options = PlatformOptions()
            options.processGroupID = 0
            options.teardownSequence = [
                .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)
            ]
            let configuration = Configuration(
                executable: executable(program), arguments: Arguments(Array(words.dropFirst())),
                environment: environment, workingDirectory: home.prefix, platformOptions: options)
            let group = ProcessGroup()
            let status = try await within(limit) {
                try await Subprocess.run(
                    configuration, input: .none,
                    output: .fileDescriptor(output, closeAfterSpawningProcess: true),
                    error: .fileDescriptor(error, closeAfterSpawningProcess: true)
                ) {
                    group.number.store($0.processIdentifier.value, ordering: .relaxed)
                    RunningCommand(home).note($0.processIdentifier.value)
                }
                .terminationStatus
            }
            switch status {
            case nil:
                // Those are left who outlived both SIGTERM and the one that started them.
                Processes.killGroup(group.number.load(ordering: .relaxed))
                return .failed("'\(name)' did not end within \(limit.brief)\(lastLine(log))")
            case .exited(0): return .succeeded
            case .exited(let code): return .failed("'\(name)' ended with exit code \(code)\(lastLine(log))")
            case .signaled(let signal): return .failed("'\(name)' was ended by signal \(signal)\(lastLine(log))")
            }
        } catch {
            return .failed("cannot run '\(program)': \(error)")
        }
    }

    /// The number of a command's process group, once it runs.
    private final class ProcessGroup: Sendable {
        let number = Atomic<Int32>(0)
    }

    /// What it writes is worth much, and not that a service stays down: on a full disk it goes nowhere.
    private func open(_ log: String) throws -> FileDescriptor {
        let options: FileDescriptor.OpenOptions = [.create, .truncate, .append, .closeOnExec, .noFollow]
        do {
            return try FileDescriptor.open(
                home.path.appending("output").appending(log), .writeOnly, options: options,
                permissions: FilePermissions(rawValue: 0o600))
        } catch {
            return try FileDescriptor.open(FilePath("/dev/null"), .writeOnly, options: .closeOnExec)
        }
    }

    /// A name with a slash is a path below the prefix, unless it is absolute; one without is looked for in PATH.
    private func executable(_ program: String) -> Executable {
        if program.hasPrefix("/") { return .path(FilePath(program)) }
        return program.contains("/") ? .path(home.prefix.appending(program)) : .name(program)
    }

    private var environment: Environment {
        .custom([
            "PATH": searchPath(home.prefix), "ROLLER_PREFIX": home.prefix.string, "LANG": "C.UTF-8", "HOME": "/",
        ])
    }

    /// The last line of a log, to follow what is said of its command.
    private func lastLine(_ log: String) -> String {
        lastLines(of: log, 1).last.map { ": " + $0 } ?? ""
    }

    /// The last lines that the command of some purpose wrote, 300 characters of each.
    func lastLines(purpose: String, _ count: Int) -> [String] { lastLines(of: "\(purpose).log", count) }

    private func lastLines(of log: String, _ wanted: Int) -> [String] {
        guard let directory = try? home.root.openDirectory("output"),  // the outcome stands without its last words
            let file = try? directory.openFile(log, for: .reading), let size = try? file.status().size
        else { return [] }
        var tail = [UInt8](repeating: 0, count: wanted * 4096)
        guard let count = try? file.read(at: max(0, size - Int64(tail.count)), into: &tail) else { return [] }
        let lines = String(decoding: tail[..<count], as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.suffix(wanted).map { line in
            // It is shown on terminals, which control characters could paint over.
            let shown = line.unicodeScalars.prefix(300).map { $0.properties.generalCategory == .control ? "?" : $0 }
            return String(String.UnicodeScalarView(shown))
        }
    }
}

/// The programs of the tree first, then the system's.
func searchPath(_ prefix: FilePath) -> String {
    "\(prefix)/sbin:\(prefix)/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}

/// Runs `work`, and cancels it after `limit`; nil then.
func within<Result: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        let first = try await group.next() ?? nil
        group.cancelAll()
        if first == nil { while (try? await group.next()) != nil {} }  // the cancelled command ends first
        return first
    }
}
