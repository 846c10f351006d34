import LinuxSystem
import RollerCore
import SystemPackage

/// The lock that keeps two rolls of one prefix apart. A dead holder blocks nobody: the kernel lets go for it.
struct Lock: ~Copyable {
    private let file: FileLock

    /// Takes the lock, or says who has it.
    static func take(_ home: RollerHome, for id: String) throws(RollError) -> Lock {
        do throws(FileLockError) {
            let contents = "roll \(id), process \(Processes.own)"
            return Lock(file: try FileLock.acquire(in: home.root, name: "lock", contents: contents))
        } catch {
            switch error {
            case .heldBy(let contents): throw .locked(by: contents.filter { $0 != "\n" })
            case .file(let cause): throw .cannotStage(what: "take the lock", cause: cause)
            }
        }
    }

    /// Notices when somebody removed the lock, so that others may have taken it.
    func check(_ home: RollerHome) throws {
        guard try file.isInPlace(in: home.root) else {
            throw RollError.cannotStage(
                what: "keep the lock",
                cause: FileError(
                    "lock", home.path.appending("lock").string, .staleNFSFileHandle, detail: "it was removed"))
        }
    }

    /// Keeps the lock up to here.
    consuming func letGo() {}
}
