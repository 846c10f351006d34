internal import Glibc
internal import SystemPackage

/// One open descriptor, closed when its owner goes.
struct Descriptor: ~Copyable, Sendable {
    let raw: CInt

    init(owning raw: CInt) { self.raw = raw }

    deinit { _ = Glibc.close(raw) }

    /// Closes now; 0, or why the kernel could not keep what was written. Never tried twice: on Linux the descriptor is
    /// free even after EINTR (close(2)).
    consuming func close() -> CInt {
        let failure = Glibc.close(raw) == 0 ? 0 : Glibc.errno
        discard self
        return failure == EINTR ? 0 : failure
    }
}

/// Makes `call`, again while a signal interrupts it. Fails with its errno, read at once on this thread.
@inline(__always)
@discardableResult
func attempt<Result: SignedInteger>(
    _ operation: @autoclosure () -> String, _ path: @autoclosure () -> String,
    with other: @autoclosure () -> String? = nil, _ call: () -> Result
) throws(FileError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = errno
        if code == EINTR { continue }
        throw FileError(operation(), path(), with: other(), Errno(rawValue: code))
    }
}
