import LinuxSystem
import RollerCore
import SystemPackage

/// Somebody wants this host to stay as it is for a while: rolls are refused until then.
struct Hold: Hashable, Codable {
    /// Seconds since 1970.
    let until: Int
    let reason: String
    /// When it began, in seconds since 1970.
    let since: Int
}

extension RollerHome {
    private static let holdFile = "hold.json"

    /// The hold that is in force at `now`; nil where there is none, or its end has passed.
    func hold(at now: Int) throws(RollError) -> Hold? {
        do {
            let hold = try readJSON(try root.readFile(Self.holdFile, limit: 64 << 10), as: Hold.self)
            return now < hold.until ? hold : nil
        } catch let error as FileError where error.errno == .noSuchFileOrDirectory {
            return nil
        } catch {
            // Somebody meant it to be held, and no roll may guess for how long.
            return Hold(
                until: Int(Int32.max), reason: "hold.json cannot be read: \(explain(readable(error)))", since: now)
        }
    }

    func write(_ hold: Hold) throws(FileError) {
        try root.replaceFile(Self.holdFile, permissions: 0o600, bytes: canonicalJSON(hold), durable: true)
    }

    /// Ends a hold, if there is one.
    func endHold() throws(FileError) {
        guard try root.status(of: Self.holdFile) != nil else { return }
        try root.remove(Self.holdFile)
        try root.sync()
    }
}
