internal import CLibGit2
internal import Glibc

/// What libgit2 says of a call that failed: its status and its words, read on the same thread at once.
struct LibraryFailure: Error {
    let code: Int32
    let detail: String

    var isNotFound: Bool { code == GIT_ENOTFOUND.rawValue }
    /// Where a call succeeded and yet handed out nothing.
    static let nothing = LibraryFailure(code: GIT_ERROR.rawValue, detail: "libgit2 returned nothing")

    /// The text was no revision or reference name at all.
    var isInvalidName: Bool { code == GIT_EINVALIDSPEC.rawValue }
}

/// Throws when `status` is an error. Call it on the result itself, with nothing in between: libgit2 keeps the words
/// for one thread, and only until its next error.
func check(_ status: Int32) throws(LibraryFailure) {
    guard status < 0 else { return }
    let words = git_error_last().flatMap { $0.pointee.message.map { String(cString: $0) } }
    throw LibraryFailure(code: status, detail: words ?? "libgit2 gave no reason (status \(status))")
}

/// One object handed out by libgit2, freed when this value goes.
struct Owned: ~Copyable {
    let pointer: OpaquePointer
    private let free: @convention(c) (OpaquePointer?) -> Void

    private init(owning pointer: OpaquePointer, free: @escaping @convention(c) (OpaquePointer?) -> Void) {
        self.pointer = pointer
        self.free = free
    }

    deinit { free(pointer) }

    /// Owns what `call` puts into its argument.
    static func make(
        freedBy free: @escaping @convention(c) (OpaquePointer?) -> Void, _ call: (inout OpaquePointer?) -> Int32
    ) throws(LibraryFailure) -> Owned {
        var pointer: OpaquePointer?
        try check(call(&pointer))
        guard let pointer else { throw .nothing }
        return Owned(owning: pointer, free: free)
    }
}

enum Library {
    /// Starts libgit2 once in a process; it is never shut down, as other threads may still be inside it.
    static func start() throws(LibraryFailure) { try check(started) }

    private static let started: Int32 = {
        let status = git_libgit2_init()
        guard status >= 0 else { return status }
        let extended = clibgit2_accept_known_extensions()
        guard extended >= 0 else { return extended }
        // Of the objects, only small commits, trees and tags are kept. The library's own bound is 256 MiB.
        return clibgit2_set_cache_max_size(64 << 20)
    }()
}

/// Runs calls of libgit2; when one fails, the error says what was tried.
func attempt<Result: ~Copyable>(
    _ what: @autoclosure () -> String, _ body: () throws(LibraryFailure) -> Result
) throws(GitError) -> Result {
    do throws(LibraryFailure) { return try body() } catch {
        throw .failed(attempt: what(), detail: error.detail)
    }
}

extension String {
    /// Text for people, from a C string that may be missing or not UTF-8.
    init(repairing text: UnsafePointer<CChar>?) { self = text.map { String(cString: $0) } ?? "" }

}

extension [UInt8] {
    /// The bytes of a C string, without its NUL: of a name that must come out as it is.
    init(cString text: UnsafePointer<CChar>) {
        self = UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
    }
}
