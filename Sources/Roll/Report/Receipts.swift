import LinuxSystem
import RollerCore
import SystemPackage

/// Keeps the receipt of a roll that did or tried something, and prints it where that was asked for.
func finish(_ receipt: Receipt, at prefix: FilePath, printing: Bool) throws {
    let json = canonicalJSON(receipt)
    if receipt.changed || receipt.failure != nil, let home = try? RollerHome.open(prefix: prefix, creating: false) {
        do {
            try home.keep(receipt)
        } catch {
            standardError("warning: cannot keep the receipt: \(error.message)")  // the roll itself is done
        }
    }
    guard printing else { return }
    let value = try readJSON(json, as: Value.self)
    try standardOutput(String(decoding: value.json(pretty: true), as: UTF8.self))
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
