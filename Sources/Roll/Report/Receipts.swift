import LinuxSystem
import RollerCore
import SystemPackage

/// Keeps the receipt of a roll that did or tried something, prints it where that was asked for, and sends it. The roll is
/// over and its lock let go: nothing here changes how it ended.
func finish(
    _ receipt: Receipt, at prefix: FilePath, printing: Bool, sending: ReceiptSender.Settings?, _ report: Report
) async throws {
    var receipt = receipt
    receipt.version = RollerVersion.text
    let wasHeld = try tellHold(&receipt, at: prefix, report)
    let json = canonicalJSON(receipt)
    // That a host was held is no event of its own: it would push out what was.
    if receipt.changed || receipt.failure != nil && !(wasHeld && receipt.exit == .locked),
        let home = try? RollerHome.open(prefix: prefix, creating: false)
    {
        do {
            try home.keep(receipt)
        } catch {
            standardError("warning: cannot keep the receipt: \(error.message)")  // the roll itself is done
        }
    }
    if printing {
        let value = try readJSON(json, as: Value.self)
        try standardOutput(String(decoding: value.json(pretty: true), as: UTF8.self))
    }
    // Who was turned away by a roll that is at work leaves the telling to that one.
    guard let sending, receipt.exit != .locked || receipt.heldReason != nil,
        let home = try? RollerHome.open(prefix: prefix, creating: false)
    else { return }
    await ReceiptSender(settings: sending, home: home, report: report).send(receipt, now: secondsSince1970())
}

/// Notes in the receipt that the host is held now, by somebody or for a trial, if it is.
private func tellHold(_ receipt: inout Receipt, at prefix: FilePath, _ report: Report) throws -> Bool {
    guard let home = try? RollerHome.open(prefix: prefix, creating: false) else { return false }
    if let hold = try home.hold(at: secondsSince1970()) {
        receipt.heldUntil = hold.until
        receipt.heldReason = hold.reason
    } else if let current = try? home.state()?.current, let trial = try home.trial(of: current, report) {
        receipt.heldUntil = trial.until
        receipt.heldReason = "generation \(trial.generation) is on trial"
    }
    return receipt.heldReason != nil
}

/// A host whose server is away for a month must not fill its disk with receipts that say so.
private let keptReceipts = 1000

extension RollerHome {
    /// Keeps a receipt, and the newest of those that are there.
    func keep(_ receipt: Receipt) throws(FileError) {
        try root.replaceFile(
            "receipts/\(receipt.id).json", permissions: 0o600, bytes: canonicalJSON(receipt), durable: false)
        try forgetReceipts(keeping: keptReceipts)
    }

    /// Removes the oldest receipts; their names sort by time.
    func forgetReceipts(keeping count: Int) throws(FileError) {
        let folder = try root.openDirectory("receipts")
        let names = try folder.entries().map(\.name).filter { $0.hasSuffix(".json") }
        for name in names.dropLast(count) { try folder.remove(name) }
    }

    /// The receipts that are kept, oldest first.
    func receipts() throws -> [Receipt] {
        let folder = try root.openDirectory("receipts")
        return try folder.entries().filter { $0.name.hasSuffix(".json") }.compactMap { entry in
            let bytes = try folder.readFile(entry.name, limit: 1 << 20)
            return try? readJSON(bytes, as: Receipt.self)  // one that cannot be read does not hide the others
        }.sorted { ($0.started, $0.id) < ($1.started, $1.id) }
    }
}
