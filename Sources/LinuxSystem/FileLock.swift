internal import Glibc
internal import SystemPackage

/// Why a lock was not had.
public enum FileLockError: Error, Hashable, Sendable {
    /// Another open lock holds it. What its holder wrote about itself, "" if that cannot be read.
    case heldBy(String)
    /// The lock file could not be made, opened or examined.
    case file(FileError)
}

/// A lock on a file by its kernel: held until this value goes or its process ends, however it ends.
///
/// It is the open file that holds it (flock(2)): two locks on one file exclude each other inside one process too.
public struct FileLock: ~Copyable, Sendable {
    private let file: OpenFile
    private let name: String

    private init(file: consuming OpenFile, name: String) {
        self.file = file
        self.name = name
    }

    deinit {
        // An empty first line: nobody holds it. It overwrites a byte, which needs no space, and is only a label.
        try? file.write([UInt8(ascii: "\n")], at: 0)
        // Closing would unlock as well, but not before a child that another thread is just forking has called exec.
        _ = flock(file.descriptor.raw, LOCK_UN)
    }

    /// Takes the lock `relative`, making the file (0600) if there is none. Does not wait.
    /// - Parameter contents: One line that says who holds it, for the next one to read. It is only a label: when the disk is
    ///   full the lock is had without it.
    public static func acquire(
        in directory: borrowing Directory, name relative: String, contents: String
    ) throws(FileLockError) -> FileLock {
        // The file may be deleted between opening and locking it. Whoever does that 16 times may keep us out.
        for _ in 0..<16 {
            let file = try wrap { () throws(FileError) in
                OpenFile(
                    owning: try directory.open(relative, O_RDWR | O_CREAT, permissions: 0o600, for: "lock"),
                    at: directory.path.appending(relative))
            }
            guard try wrap({ () throws(FileError) in try file.lock() }) else { throw .heldBy(file.firstLine()) }
            let lock = FileLock(file: file, name: relative)
            guard try wrap({ () throws(FileError) in try lock.isInPlace(in: directory) }) else { continue }
            try wrap { () throws(FileError) in try lock.label(contents) }
            return lock
        }
        throw .file(
            FileError("lock", directory.full(relative), .staleNFSFileHandle, detail: "it keeps being replaced"))
    }

    private static func wrap<Result: ~Copyable>(
        _ body: () throws(FileError) -> Result
    ) throws(FileLockError) -> Result {
        do { return try body() } catch { throw .file(error) }
    }

    private func label(_ contents: String) throws(FileError) {
        do {
            try file.write(Array((contents + "\n").utf8), at: 0)
        } catch let error where error.errno == .noSpace || error.errno == .diskQuotaExceeded {
            // Only a label; see `acquire`.
        }
    }

    /// Whether its name still stands for the file that is locked. If not, someone deleted or replaced it, and a second
    /// holder is possible.
    public func isInPlace(in directory: borrowing Directory) throws(FileError) -> Bool {
        try directory.status(of: name)?.isSameFile(as: file.status()) ?? false
    }
}

extension OpenFile {
    /// False when another open file holds the lock.
    fileprivate func lock() throws(FileError) -> Bool {
        do {
            try attempt("lock", path.string) { flock(descriptor.raw, LOCK_EX | LOCK_NB) }
            return true
        } catch let error where error.errno == .wouldBlock {
            return false
        }
    }

    /// The text before the first newline, as far as it can be read.
    fileprivate func firstLine() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard let count = try? read(at: 0, into: &buffer) else { return "" }
        return String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
