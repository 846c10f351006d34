internal import LinuxSystem
internal import Logging
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// What hosts said of their rolls, as files: `HOST/NUMBER-ROLL.json`, the newest with the highest number. A file is there
/// whole or not at all, so that it survives being killed at any instant. In memory is the newest of each host alone.
///
/// The receipt that came last is the newest, whatever its clock says: a host sends its own in their order.
final class ReceiptStore: Sendable {
    /// What is known without the disk.
    private struct Index {
        var newest: [HostName: HostReport] = [:]
        /// Goes up with each change.
        var version = 0
        /// How many were taken since the start.
        var taken = 0
    }

    private let root: Directory
    private let history: Int
    private let index = Mutex(Index())
    /// Two receipts of one host never count up at once; those of others need not wait for the disk together.
    private let turns = (0..<16).map { _ in Turn() }

    private final class Turn: Sendable { let lock = Mutex(()) }

    /// What came of a receipt.
    enum Added {
        case made, alreadyThere
    }

    /// Opens the directory at `path`, makes it where there is none, and reads the newest receipt of each host. What cannot
    /// be read is set aside, so that the next newest counts, and told.
    /// - Parameter history: How many receipts of a host are kept.
    init(_ path: FilePath, history: Int = 50, logger: Logger) throws(StoreError) {
        self.history = history
        do throws(FileError) {
            root = try PackageStore.open(path)
            try root.makeDirectories(Self.damaged)
            var newest: [HostName: HostReport] = [:]
            for entry in try root.entries() where entry.kind == .directory {
                guard let host = HostName(entry.name) else { continue }
                newest[host] = try Self.newest(of: host, in: root, logger)
            }
            let found = newest
            index.withLock { $0.newest = found }
        } catch {
            throw StoreError(error)
        }
    }

    /// Where files go that cannot be read. No host has that name: it has an underscore.
    private static let damaged = "_damaged"

    private static func newest(
        of host: HostName, in root: borrowing Directory, _ logger: Logger
    ) throws(FileError) -> HostReport? {
        let folder = try root.openDirectory(host.rawValue)
        for entry in try folder.entries() where entry.name.hasPrefix(Directory.temporaryPrefix) {
            try folder.remove(entry.name)  // cut off before it had its name
        }
        for file in try files(in: folder).reversed() {
            do {
                let stored = try read(file, of: host, in: folder)
                return HostReport(stored.receipt, received: stored.received)
            } catch {
                logger.error(
                    "damaged receipt set aside",
                    metadata: ["host": "\(host)", "file": "\(file.name)", "reason": "\(describeDecoding(error))"])
                try folder.rename(
                    file.name, to: "\(host.rawValue.prefix(120))-\(file.name)", in: root.openDirectory(damaged),
                    replacing: true)
            }
        }
        return nil
    }

    private static func files(in folder: borrowing Directory) throws(FileError) -> [ReceiptFile] {
        try folder.entries().compactMap { ReceiptFile(name: $0.name) }.sorted()
    }

    private static func read(
        _ file: ReceiptFile, of host: HostName, in folder: borrowing Directory
    ) throws -> StoredReceipt {
        let bytes = try folder.readFile(file.name, limit: 2 * Int(Receipt.sizeLimit.bytes))
        let stored = try readJSON(bytes, as: StoredReceipt.self)
        guard stored.receipt.host == host, stored.receipt.id == file.id else { throw MisplacedReceipt() }
        return stored
    }

    private func turn<Result>(
        of host: HostName, _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let bytes = host.rawValue.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
        return try turns[Int(bytes % UInt32(turns.count))].lock.withLock { _ throws(StoreError) in try body() }
    }

    /// Keeps a receipt: it is on disk when this returns.
    func add(_ receipt: Receipt, of host: HostName, now: Int) throws -> Added {
        let stored = StoredReceipt(receipt, received: now)
        let added = try turn(of: host) { () throws(StoreError) in try write(stored, of: host) }
        guard added == .made else {
            guard try self.stored(receipt.id, of: host)?.receipt == receipt else {
                throw ReceiptRefusal.otherContents(host, receipt.id)
            }
            return added
        }
        return added
    }

    private func write(_ stored: StoredReceipt, of host: HostName) throws(StoreError) -> Added {
        do throws(FileError) {
            if try root.status(of: host.rawValue) == nil {
                try root.makeDirectory(host.rawValue)
                try root.sync()
            }
            let folder = try root.openDirectory(host.rawValue)
            let files = try Self.files(in: folder)
            guard !files.contains(where: { $0.id == stored.receipt.id }) else { return .alreadyThere }
            let file = ReceiptFile(number: (files.last?.number ?? 0) + 1, id: stored.receipt.id)
            try folder.replaceFile(file.name, permissions: 0o644, bytes: canonicalJSON(stored), durable: true)
            index.withLock {
                $0.newest[host] = HostReport(stored.receipt, received: stored.received)
                $0.version += 1
                $0.taken += 1
            }
            for old in files.dropLast(history - 1) { try folder.remove(old.name) }
            return .made
        } catch {
            throw StoreError(error)
        }
    }

    // MARK: Reading

    /// The last that each host said, and a number that goes up whenever that changes.
    var newest: (reports: [HostName: HostReport], version: Int) { index.withLock { ($0.newest, $0.version) } }

    /// How many were taken since the server's start, how many hosts have any, and when the newest came.
    var figures: (taken: Int, hosts: Int, newest: Int?) {
        let index = index.withLock { $0 }
        return (index.taken, index.newest.count, index.newest.values.map(\.received).max())
    }

    /// The receipts of a host, the newest first. One that cannot be read does not hide the others.
    /// - Parameter before: Only those that came before the receipt of this roll.
    func receipts(of host: HostName, before: String? = nil, limit: Int) throws(StoreError) -> [StoredReceipt] {
        do throws(FileError) {
            guard try root.status(of: host.rawValue) != nil else { return [] }
            let folder = try root.openDirectory(host.rawValue)
            var files = try Self.files(in: folder)
            if let before { files = Array(files.prefix { $0.id != before }) }
            var found: [StoredReceipt] = []
            for file in files.reversed() where found.count < limit {
                if let stored = try? Self.read(file, of: host, in: folder) { found.append(stored) }
            }
            return found
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }  // pruned meanwhile
            throw StoreError(error)
        }
    }

    private func stored(_ id: String, of host: HostName) throws -> StoredReceipt? {
        let folder = try root.openDirectory(host.rawValue)
        guard let file = try Self.files(in: folder).first(where: { $0.id == id }) else { return nil }
        return try Self.read(file, of: host, in: folder)
    }

    // MARK: Pruning

    /// Removes all receipts of hosts that are no more and that were last heard of before `time`.
    /// - Parameters:
    ///   - isThere: Whether the repository has a host of that name.
    ///   - time: Seconds since 1970.
    /// - Returns: How many hosts went.
    func prune(keeping isThere: (HostName) -> Bool, heardSince time: Int) throws(StoreError) -> Int {
        var removed = 0
        for (host, report) in newest.reports where !isThere(host) && report.received < time {
            try turn(of: host) { () throws(StoreError) in
                do throws(FileError) {
                    _ = try root.removeTree(host.rawValue)
                    index.withLock {
                        $0.newest[host] = nil
                        $0.version += 1
                    }
                } catch {
                    throw StoreError(error)
                }
            }
            removed += 1
        }
        return removed
    }
}

private struct MisplacedReceipt: RollerError {
    var message: String { "it is not of the host and roll that its name says" }
}

/// Why a receipt that can be read is not kept.
enum ReceiptRefusal: RollerError, Hashable {
    /// There is one of that roll with other contents.
    case otherContents(HostName, String)

    var id: String {
        switch self {
        case .otherContents(_, let id): id
        }
    }

    var message: String {
        switch self {
        case .otherContents(let host, let id): "the roll \(id) of '\(host)' has another receipt here"
        }
    }
}
