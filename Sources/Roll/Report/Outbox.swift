import LinuxSystem
import RollerCore
import SystemPackage

/// Receipts that are to be sent, in `outbox/`, oldest first: `NUMBER-ROLL.json`. What is written here may be lost in a power
/// cut, never damaged in a way that matters: what cannot be read goes.
struct Outbox {
    private let home: RollerHome

    /// As many as are kept for a server that is away.
    static let limit = 100
    /// How long the same result need not be said again.
    static let interval = 3600

    init(_ home: RollerHome) { self.home = home }

    /// What was said last, and when it was last tried to say anything.
    struct Memory: Codable, Equatable {
        /// A digest of what matters of the last receipt.
        var said: Digest?
        /// When that was, in seconds since 1970.
        var at = 0
        /// When sending failed last; 0 where it did not.
        var failed = 0
    }

    private static let memory = "reported.json"

    /// What is remembered; nothing where that cannot be read, which costs one receipt too many.
    func memory() -> Memory {
        guard let bytes = try? home.root.readFile(Self.memory, limit: 1 << 16) else { return Memory() }
        return (try? readJSON(bytes, as: Memory.self)) ?? Memory()
    }

    func remember(_ memory: Memory) throws(FileError) {
        try home.root.replaceFile(Self.memory, permissions: 0o600, bytes: canonicalJSON(memory), durable: false)
    }

    /// Whether a receipt says something new: another result than the last one, or the same an hour later.
    func isNews(_ receipt: Receipt, after memory: Memory) -> Bool {
        // A clock that was set back must not silence a host.
        let age = receipt.ended - memory.at
        return receipt.changed || receipt.gist != memory.said || age >= Self.interval || age < 0
    }

    /// Puts a receipt at the end.
    /// - Returns: How many of the oldest were dropped for it.
    func add(_ receipt: Receipt) throws(FileError) -> Int {
        try home.root.makeDirectories("outbox", permissions: 0o700)
        let folder = try home.root.openDirectory("outbox")
        let names = try Self.names(in: folder)
        let last = names.last.flatMap { Int($0.prefix { $0 != "-" }) } ?? 0
        let digits = "\(last + 1)"
        let name = String(repeating: "0", count: max(0, 12 - digits.count)) + digits + "-\(receipt.id).json"
        try folder.replaceFile(name, permissions: 0o600, bytes: canonicalJSON(receipt), durable: false)
        let dropped = names.dropLast(Self.limit - 1)
        for name in dropped { try folder.remove(name) }
        return dropped.count
    }

    /// The names of what waits, oldest first.
    func names() throws(FileError) -> [String] {
        guard try home.root.status(of: "outbox") != nil else { return [] }
        return try Self.names(in: home.root.openDirectory("outbox"))
    }

    private static func names(in folder: borrowing Directory) throws(FileError) -> [String] {
        try folder.entries().map(\.name).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
    }

    /// The receipt of that name, as it is to be sent; nil where it is gone.
    func bytes(_ name: String) throws(FileError) -> [UInt8]? {
        do {
            return try home.root.readFile("outbox/\(name)", limit: 1 << 20)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    func remove(_ name: String) throws(FileError) { try home.root.remove("outbox/\(name)") }
}

extension Receipt {
    /// What matters of it: not when, not how long, and not which commit said so.
    fileprivate var gist: Digest {
        Digest(
            of: [
                "\(exit.rawValue)", host?.rawValue, bundle?.rawValue, to.map { "\($0)" }, failure, version, heldReason,
                heldUntil.map { "\($0)" },
            ].map { $0 ?? "-" }.joined(separator: "\n"))
    }

    /// What is to be remembered once it is on its way.
    func memory(failed: Int) -> Outbox.Memory { Outbox.Memory(said: gist, at: ended, failed: failed) }
}
