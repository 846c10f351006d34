import LinuxSystem
import RollerCore

/// The journal: two slots of a preallocated file, written in turn, so that a write cut short leaves the record before it.
/// Once a roll has begun it needs no space that it does not have already; undoing must work on a full disk.
final class FileJournal: RollJournal {
    private static let name = "journal"
    private static let slotSize = 256 << 10
    private static let magic = Array("ROLLER2\n".utf8)
    /// Magic, sequence, length and digest stand before the bytes of a record. The digest is of all but itself.
    private static let headSize = 8 + 8 + 8 + 64
    private static let bodyLimit = slotSize - headSize
    /// Kept free for what the end of a roll has to say, in characters and in bytes of JSON.
    private static let messageLimit = 2000, messageRoom = 16 << 10

    private let home: RollerHome
    /// Nil until the first record makes it: reading changes nothing, and least of all what is damaged.
    private var file: PreallocatedFile?
    /// Of the last record that is whole; the next one takes the other slot.
    private var sequence: UInt64

    /// The bundle that the last roll tried and went back from.
    private(set) var lastRejection: Rejection?

    /// A bundle that failed here.
    struct Rejection {
        let bundle: Digest
        let reason: String
        let roll: String

        init?(_ state: RollState) {
            guard case .rolledBack(let plan, let why, _) = state, why.isOfTheBundle, let bundle = plan.bundle else {
                return nil
            }
            self.bundle = bundle
            reason = why.message
            roll = plan.id
        }
    }

    private init(
        home: RollerHome, file: consuming PreallocatedFile?, sequence: UInt64, lastRejection: Rejection? = nil
    ) {
        self.lastRejection = lastRejection
        self.home = home
        self.file = file
        self.sequence = sequence
    }

    /// Opens the journal of `home`, and reads its last whole record.
    static func open(in home: RollerHome) throws(FileError) -> (journal: FileJournal, reading: Recovery.JournalReading)
    {
        guard let status = try home.root.status(of: name) else {
            return (FileJournal(home: home, file: nil, sequence: 0), .empty)
        }
        guard status.kind == .regular, status.size == Int64(2 * slotSize) else {
            return (FileJournal(home: home, file: nil, sequence: 0), .damaged)
        }
        let file = try PreallocatedFile.open(in: home.root, name: name, size: 2 * slotSize)
        let heads = try [0, slotSize].map { offset throws(FileError) in
            Head(try file.read(at: offset, count: headSize), at: offset)
        }
        for head in heads.sorted(by: { $0.sequence > $1.sequence }) where head.isPlausible {
            let body = try file.read(at: head.offset + headSize, count: head.length)
            // A record that cannot be decoded is damage, whatever ails it.
            guard head.digest.elementsEqual(Digest(of: head.start + body).hex.utf8),
                let state = try? readJSON(body, as: RollState.self)
            else { continue }
            let journal = FileJournal(
                home: home, file: file, sequence: head.sequence, lastRejection: Rejection(state))
            return (journal, .last(state))
        }
        return (
            FileJournal(home: home, file: file, sequence: 0), heads.allSatisfy(\.isBlank) ? .empty : .damaged
        )
    }

    /// Whether all that a roll of `plan` has to note fits.
    func takes(_ plan: RollPlan) -> Bool {
        canonicalJSON(RollState.start(plan)).count + Self.messageRoom <= Self.bodyLimit
    }

    func record(_ state: RollState) -> RollState.Outcome {
        guard state.mustBeDurable else { return .done }
        let body = canonicalJSON(state.shortened(to: Self.messageLimit))
        guard body.count <= Self.bodyLimit else {
            return .failed("the plan has \(body.count) bytes, and the journal takes \(Self.bodyLimit)")
        }
        let next = sequence + 1
        var bytes = Self.magic
        bytes += bigEndian(next) + bigEndian(UInt64(body.count))
        bytes += Array(Digest(of: bytes + body).hex.utf8) + body
        do {
            if file == nil { try reset() }
            try file?.overwrite(at: Int(next % 2) * Self.slotSize, bytes)
            // Only now: what follows a write that failed must not take the slot of the last whole record.
            sequence = next
            return .done
        } catch {
            return .failed("cannot write the journal: \(error.message)")
        }
    }

    /// Begins the journal anew, with nothing in it.
    func reset() throws(FileError) {
        file = try PreallocatedFile.create(in: home.root, name: Self.name, size: 2 * Self.slotSize)
        sequence = 0
    }

    /// What stands before the bytes of a record.
    private struct Head {
        let offset: Int
        /// Whether nothing was ever written.
        let isBlank: Bool
        /// Whether a record of this version may follow.
        let isPlausible: Bool
        let sequence: UInt64
        let length: Int
        /// All before the digest.
        let start: [UInt8]
        let digest: ArraySlice<UInt8>

        init(_ bytes: [UInt8], at offset: Int) {
            self.offset = offset
            isBlank = bytes.allSatisfy { $0 == 0 }
            sequence = Self.number(bytes[8..<16])
            let length = Self.number(bytes[16..<24])
            // No host counts that far: there is always a next sequence.
            isPlausible = bytes.starts(with: magic) && length <= UInt64(bodyLimit) && sequence < 1 << 63
            self.length = isPlausible ? Int(length) : 0
            start = Array(bytes[..<24])
            digest = bytes[24...]
        }

        private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }
}

extension RollState {
    /// This state with no more than that of its words.
    fileprivate func shortened(to limit: Int) -> RollState {
        switch self {
        case .doing, .committed: self
        case .undoing(let step, let plan, let why): .undoing(step, plan, because: why.shortened(to: limit))
        case .rolledBack(let plan, let why, let healthy):
            .rolledBack(plan, because: why.shortened(to: limit), healthy: healthy)
        case .inconsistent(let plan, let why): .inconsistent(plan, because: why.shortened(to: limit))
        }
    }
}

extension RollFailure {
    fileprivate func shortened(to limit: Int) -> RollFailure {
        guard message.unicodeScalars.count > limit else { return self }
        return RollFailure(step, String(String.UnicodeScalarView(message.unicodeScalars.prefix(limit))) + "…")
    }
}
