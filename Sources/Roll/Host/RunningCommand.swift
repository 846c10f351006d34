import LinuxSystem
import RollerCore

/// The command that roll runs at the moment, noted so that a roll after one that was killed can end it: left alone, it would
/// go on with a service that recovery is about to start.
///
/// The note is overwritten in place and never synced: it matters after the end of a process, not after that of a machine.
struct RunningCommand {
    private static let name = "running"
    private static let size = 128
    /// For processes that were killed to be gone.
    private static let patience = Duration.seconds(5)

    private let home: RollerHome

    init(_ home: RollerHome) { self.home = home }

    /// Makes the place for notes, while there is time.
    func prepare() throws(FileError) {
        guard try home.root.status(of: Self.name)?.size != Int64(Self.size) else { return }
        _ = try PreallocatedFile.create(in: home.root, name: Self.name, size: Self.size)
    }

    /// Notes the process group that the process `leader` leads. It is of less worth than the command itself.
    func note(_ leader: Int32) {
        guard let started = try? Processes.startTime(of: leader), let boot = try? Boot.id(),
            let file = try? PreallocatedFile.open(in: home.root, name: Self.name, size: Self.size)
        else { return }
        let text = Array("\(leader) \(started) \(boot)".utf8).prefix(Self.size - 1)
        let padding = [UInt8](repeating: UInt8(ascii: "\n"), count: Self.size - text.count)
        try? file.overwrite(at: 0, text + padding, syncing: false)
    }

    /// Ends the process group that was noted, if the one who led it still runs, and waits until that one is gone.
    func end() async throws {
        guard let bytes = try? home.root.readFile(Self.name, limit: Self.size) else { return }  // none was ever noted
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let leader = Int32(words[0]), let started = UInt64(words[1]),
            try Boot.id() == words[2]
        else { return }
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        while try Processes.isAlive(leader, startTime: started) {
            guard clock.now < deadline else {
                throw RollError.needsRecovery("process \(leader), which an earlier roll began, cannot be ended")
            }
            Processes.killGroup(leader)
            try? await Task.sleep(for: .milliseconds(5))  // cancelled means ask at once; the deadline still holds
        }
    }
}
