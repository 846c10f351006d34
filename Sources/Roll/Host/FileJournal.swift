import LinuxSystem
import RollerCore

/// The journal: two slots of a preallocated file, written in turn, so that a write cut short leaves the record before it.
/// It needs no space that it does not have already; undoing must work on a full disk.
final class FileJournal: RollJournal {
    private static let name = "journal"
    private static let slotSize = 256 << 10
    private static let magic = Array("ROLLER1\n".utf8)
    /// Magic, sequence, length and digest stand before the bytes of a record.
    private static let headSize = 8 + 8 + 8 + 64

    private let file: PreallocatedFile
    private var sequence: UInt64

    private init(file: consuming PreallocatedFile, sequence: UInt64) {
        self.file = file
        self.sequence = sequence
    }

    /// Opens the journal of `home`, making it where there is none, and reads its last whole record.
    static func open(in home: RollerHome) throws(FileError) -> (journal: FileJournal, reading: Recovery.JournalReading)
    {
        guard let status = try home.root.status(of: name), status.size == Int64(2 * slotSize) else {
            let existed = try home.root.status(of: name) != nil
            let file = try PreallocatedFile.create(in: home.root, name: name, size: 2 * slotSize)
            return (FileJournal(file: file, sequence: 0), existed ? .damaged : .empty)
        }
        let file = try PreallocatedFile.open(in: home.root, name: name, size: 2 * slotSize)
        let bytes = try file.read()
        let slots = [bytes[..<slotSize], bytes[slotSize...]].map(read)
        let newest = slots.compactMap { $0.record }.max { $0.sequence < $1.sequence }
        let journal = FileJournal(file: file, sequence: newest?.sequence ?? 0)
        guard let newest else { return (journal, slots.allSatisfy(\.isBlank) ? .empty : .damaged) }
        return (journal, .last(newest.state))
    }

    func record(_ state: RollState) -> RollState.Outcome {
        guard state.mustBeDurable else { return .done }
        let body = canonicalJSON(state)
        guard body.count <= Self.slotSize - Self.headSize else {
            return .failed("the plan has \(body.count) bytes, and the journal takes \(Self.slotSize - Self.headSize)")
        }
        sequence += 1
        var bytes = Self.magic
        bytes += bigEndian(sequence) + bigEndian(UInt64(body.count)) + Array(Digest(of: body).hex.utf8) + body
        do {
            try file.overwrite(at: Int(sequence % 2) * Self.slotSize, bytes)
            return .done
        } catch {
            return .failed("cannot write the journal: \(error.message)")
        }
    }

    private struct Slot {
        /// Whether nothing was ever written.
        let isBlank: Bool
        let record: (sequence: UInt64, state: RollState)?
    }

    private static func read(_ slot: ArraySlice<UInt8>) -> Slot {
        let start = slot.startIndex
        guard slot.starts(with: magic) else {
            return Slot(isBlank: slot.prefix(headSize).allSatisfy { $0 == 0 }, record: nil)
        }
        let sequence = number(slot[(start + 8)..<(start + 16)])
        let length = number(slot[(start + 16)..<(start + 24)])
        guard length <= UInt64(slotSize - headSize) else { return Slot(isBlank: false, record: nil) }
        let body = Array(slot[(start + headSize)...].prefix(Int(length)))
        guard slot[(start + 24)..<(start + headSize)].elementsEqual(Digest(of: body).hex.utf8),
            // A record that cannot be decoded is damage, whatever ails it.
            let state = try? readJSON(body, as: RollState.self)
        else { return Slot(isBlank: false, record: nil) }
        return Slot(isBlank: false, record: (sequence, state))
    }

    private func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
