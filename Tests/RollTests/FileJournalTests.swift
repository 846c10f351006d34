import LinuxSystem
import RollerCore
import Testing

@testable import Roll

@Suite struct FileJournalTests {
    private let slotSize = 256 << 10

    /// Begins a roll in the journal: the only state of its beginning that reaches the disk.
    private func begin(_ journal: FileJournal, _ next: Int) -> RollState {
        let state = RollState.start(plan(from: next - 1, to: next))
        #expect(journal.record(state) == .done)
        return state
    }

    private func reading(_ host: TestHost) throws -> Recovery.JournalReading {
        try FileJournal.open(in: host.home).reading
    }

    /// Changes bytes of the journal, as a torn write or a bad disk does.
    private func damage(_ host: TestHost, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try host.home.root.readFile("journal", limit: 1 << 20)
        change(&bytes)
        try host.home.root.replaceFile("journal", permissions: 0o600, bytes: bytes, durable: false)
    }

    @Test func aNewJournalIsEmptyAndKeepsItsSize() throws {
        let host = try TestHost()
        #expect(try reading(host) == .empty)
        #expect(try reading(host) == .empty)
        for number in 1...3 {
            _ = begin(try FileJournal.open(in: host.home).journal, number)
            #expect(try host.home.root.status(of: "journal")?.size == Int64(2 * slotSize))
        }
    }

    @Test func theLastRecordOfManyIsRead() throws {
        let host = try TestHost()
        var journal = try FileJournal.open(in: host.home).journal
        for number in 1...5 {
            let state = begin(journal, number)
            let (reopened, reading) = try FileJournal.open(in: host.home)
            #expect(reading == .last(state))
            journal = reopened
        }
    }

    @Test func recordsTakeTheTwoSlotsInTurn() throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        let first = begin(journal, 1)
        _ = begin(journal, 2)
        try damage(host) { bytes in
            // Of the two slots, the one that holds the second record goes.
            let newer = bytes[slotSize + 15] > bytes[15] ? slotSize : 0
            for index in newer..<(newer + slotSize) { bytes[index] = 0xFF }
        }
        #expect(try reading(host) == .last(first))
    }

    /// Every way to cut the newer record short, or to lose a sector of it, leaves the one before.
    @Test(arguments: [true, false])
    func aTornWriteLeavesTheRecordBefore(whollyLost: Bool) throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        let first = begin(journal, 1)
        let before = try host.home.root.readFile("journal", limit: 1 << 20)
        _ = begin(journal, 2)
        let after = try host.home.root.readFile("journal", limit: 1 << 20)
        let written = before.indices.filter { before[$0] != after[$0] }
        let range = try #require(written.first)...(try #require(written.last))
        for cut in stride(from: range.lowerBound, through: range.upperBound, by: 7) {
            var torn = whollyLost ? before : after
            if whollyLost {
                // The first bytes reached the disk, and the rest is as it was.
                torn.replaceSubrange(range.lowerBound..<cut, with: after[range.lowerBound..<cut])
            } else {
                let end = min(cut + 16, range.upperBound + 1)
                guard after[cut..<end].contains(where: { $0 != 0 }) else { continue }
                torn.replaceSubrange(cut..<end, with: repeatElement(0, count: end - cut))
            }
            try damage(host) { $0 = torn }
            #expect(try reading(host) == .last(first), "cut at \(cut - range.lowerBound)")
        }
    }

    /// The record before must not be what the next one overwrites.
    @Test func aRecordThatCouldNotBeWrittenWholeIsWrittenAgainInItsOwnSlot() throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        let first = begin(journal, 1)
        let slot = try host.home.root.readFile("journal", limit: 1 << 20)[15] == 1 ? 0 : slotSize
        let long = plan(
            from: 1, to: 2, stopping: [service("a", stop: String(repeating: "x", count: slotSize))], starting: [])
        guard case .failed = journal.record(.start(long)) else {
            Issue.record("a record larger than a slot was taken")
            return
        }
        _ = begin(journal, 2)
        try damage(host) { bytes in
            for index in 0..<(2 * slotSize) where !(slot..<(slot + slotSize)).contains(index) { bytes[index] = 0xFF }
        }
        #expect(try reading(host) == .last(first))
    }

    @Test func aPlanTooLargeForTheJournalIsToldBeforehand() throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        #expect(journal.takes(plan(from: 1, to: 2, stopping: [service("a")])))
        let long = String(repeating: "x", count: slotSize - 4096)
        #expect(!journal.takes(plan(from: 1, to: 2, stopping: [service("a", stop: long)])))
        #expect(try reading(host) == .empty)
    }

    @Test func aFailureOfAnyLengthIsRecorded() throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        let why = RollFailure(.check, String(repeating: "y", count: 2 * slotSize))
        #expect(journal.record(.rolledBack(plan(from: 1, to: 2), because: why, healthy: true)) == .done)
        guard case .last(.rolledBack(_, let read, true)) = try reading(host) else {
            Issue.record("\(try reading(host))")
            return
        }
        #expect(read.step == .check)
        #expect(why.message.hasPrefix(read.message.prefix(100)))
    }

    enum Damage: CaseIterable {
        case cutShort, grown, garbage, futureMagic

        func apply(_ bytes: inout [UInt8]) {
            switch self {
            case .cutShort: bytes.removeLast()
            case .grown: bytes.append(0)
            case .garbage: for index in bytes.indices { bytes[index] = 0xA5 }
            case .futureMagic: bytes.replaceSubrange(0..<8, with: Array("ROLLER9\n".utf8))
            }
        }
    }

    @Test(arguments: Damage.allCases) func whatCannotBeReadIsDamaged(_ damage: Damage) throws {
        let host = try TestHost()
        try host.write(String(repeating: "\0", count: 2 * slotSize), to: "local.roller/journal", permissions: 0o600)
        #expect(try reading(host) == .empty)
        try self.damage(host) { damage.apply(&$0) }
        #expect(try reading(host) == .damaged)
    }

    @Test func aRecordOfAFormatNotKnownIsDamage() throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        _ = begin(journal, 1)
        try damage(host) { bytes in
            let slot = bytes[15] == 1 ? 0 : slotSize
            let body = Array("{\"dancing\":{}}".utf8)
            bytes.replaceSubrange((slot + 16)..<(slot + 24), with: [0, 0, 0, 0, 0, 0, 0, UInt8(body.count)])
            bytes.replaceSubrange(
                (slot + 24)..<(slot + 88), with: Array(Digest(of: bytes[slot..<(slot + 24)] + body).hex.utf8))
            bytes.replaceSubrange((slot + 88)..<(slot + 88 + body.count), with: body)
        }
        #expect(try reading(host) == .damaged)
    }

    /// Reading a damaged journal must not be what makes it look fine.
    @Test func damageIsStillDamageTheNextTime() throws {
        let host = try TestHost()
        try host.write("short", to: "local.roller/journal", permissions: 0o600)
        #expect(try reading(host) == .damaged)
        #expect(try reading(host) == .damaged)
    }

    /// The next sequence must exist, and a head is as easily damaged as what it stands before.
    @Test(arguments: [8, 15, 23])
    func aDamagedHeadIsDamageAndEndsNothing(_ place: Int) throws {
        let host = try TestHost()
        let journal = try FileJournal.open(in: host.home).journal
        _ = begin(journal, 1)
        try damage(host) { bytes in
            for slot in [0, slotSize] where bytes[slot] != 0 {
                if place == 8 {
                    for index in 8..<16 { bytes[slot + index] = 0xFF }
                } else {
                    bytes[slot + place] ^= 1
                }
            }
        }
        let (reopened, reading) = try FileJournal.open(in: host.home)
        #expect(reading == .damaged)
        let state = begin(reopened, 2)
        #expect(try self.reading(host) == .last(state))
    }

    @Test func aGenerationThatNobodyCountedToIsNone() {
        #expect(Generation(Int.max) == nil)
        #expect(throws: (any Error).self) { try readJSON(Array("9223372036854775807".utf8), as: Generation.self) }
        #expect(Generation(1_000_000_000_000)?.following.number == 1_000_000_000_001)
    }
}
