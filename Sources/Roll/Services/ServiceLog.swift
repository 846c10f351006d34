import RollerCore

/// What services said when something went wrong with them, for the receipt: of each the first time, since what follows is
/// the way back.
final class ServiceLog {
    /// What is kept of one service.
    struct Trouble {
        /// What went wrong, as its supervisor has it.
        let result: String
        /// The last lines that it wrote.
        let lines: [String]
    }

    private(set) var troubles: [ServiceName: Trouble] = [:]

    private let commands: CommandRunner
    /// Since when a unit's journal is read, in seconds since 1970.
    private let began: Int

    private static let lines = 10
    /// For systemd to answer. The service may be down meanwhile.
    private static let patience = Duration.seconds(2)

    init(_ commands: CommandRunner, since began: Int) {
        self.commands = commands
        self.began = began
    }

    /// Keeps what a service and its supervisor say now.
    /// - Parameters:
    ///   - verb: What was asked of it; names the file that its output is in.
    ///   - why: What came of it.
    func note(_ service: Service, _ verb: String, _ why: String) async {
        guard troubles[service.name] == nil else { return }
        switch service.supervisor {
        case .systemd(let unit):
            let state = await output(
                ["systemctl", "show", "--property=ActiveState,SubState,Result,ExecMainStatus", unit],
                "\(service.name)-state")
            let lines = await output(
                [
                    "journalctl", "--no-pager", "--quiet", "--output=cat", "--lines=\(Self.lines)", "--since=@\(began)",
                    "--unit=\(unit)",
                ], "\(service.name)-journal")
            troubles[service.name] = Trouble(result: state.isEmpty ? why : state.joined(separator: " "), lines: lines)
        case .commands:
            let lines = commands.lastLines(purpose: "\(service.name)-\(verb)", Self.lines)
            troubles[service.name] = Trouble(result: why, lines: lines)
        }
    }

    private func output(_ words: [String], _ purpose: String) async -> [String] {
        let outcome = await commands.run(words, purpose: purpose, limit: Self.patience)
        return outcome == .succeeded ? commands.lastLines(purpose: purpose, Self.lines) : []
    }
}
