import LinuxSystem
import RollerCore

/// Bundles that were tried and failed on this host. They are not tried again until somebody says so.
struct Rejections {
    private struct Entry: Codable {
        let reason: String
        let roll: String
    }

    private let home: RollerHome

    init(_ home: RollerHome) { self.home = home }

    private func path(_ bundle: Digest) -> String { "rejected/\(bundle.hex).json" }

    /// Why a bundle was rejected; nil when it was not.
    func reason(_ bundle: Digest) throws -> String? {
        guard try home.root.status(of: path(bundle)) != nil else { return nil }
        do {
            let entry = try readJSON(try home.root.readFile(path(bundle), limit: 1 << 20), as: Entry.self)
            return "\(entry.reason) (roll \(entry.roll))"
        } catch is DecodingError {
            return "the record of it cannot be read"  // it was rejected all the same
        }
    }

    func add(_ bundle: Digest, reason: String, roll: String) throws(FileError) {
        try home.root.replaceFile(
            path(bundle), permissions: 0o600, bytes: canonicalJSON(Entry(reason: reason, roll: roll)), durable: true)
    }

    /// Notes that a roll of the bundle was cut off. One power cut proves nothing; a second time is taken for its fault.
    func addInterruption(_ bundle: Digest, roll: String) throws(FileError) {
        let note = interruptions(bundle)
        guard try home.root.status(of: note) != nil else {
            return try home.root.replaceFile(note, permissions: 0o600, bytes: Array(roll.utf8), durable: true)
        }
        // The same roll may be found more than once, if its recovery was cut off as well.
        guard try home.root.readFile(note, limit: 4096) != Array(roll.utf8) else { return }
        try add(bundle, reason: "rolls of it were interrupted twice", roll: roll)
    }

    private func interruptions(_ bundle: Digest) -> String { "rejected/\(bundle.hex).interrupted" }

    func remove(_ bundle: Digest) throws(FileError) {
        for name in [path(bundle), interruptions(bundle)] where try home.root.status(of: name) != nil {
            try home.root.remove(name)
        }
    }
}
