internal import CLibGit2
internal import Glibc
internal import SystemPackage

extension GitRepository {
    /// The object that the reference of exactly this name leads to. Nil when there is none, or can be none.
    func target(ofReference name: String) throws(GitError) -> ObjectID? {
        guard !name.utf8.contains(0) else { return nil }
        var id = git_oid()
        do throws(LibraryFailure) {
            try check(git_reference_name_to_id(&id, handle, name))
            return ObjectID(id)
        } catch {
            if error.isNotFound || error.isInvalidName { return nil }
            throw GitError(error, "read the reference '\(name)'")
        }
    }

    /// The names of the references that begin with `prefix` ("refs/tags/", say), in byte order, none missing.
    func referenceNames(beginningWith prefix: String) throws(GitError) -> [String] {
        let found: [[UInt8]] = try attempt("list the references below \(prefix)") {
            () throws(LibraryFailure) in
            // libgit2 lists the loose files and reads packed-refs, then opens each file. A `git pack-refs` in between
            // removes files that were listed and not opened, whose references the old packed-refs does not have. It
            // replaces packed-refs before it removes a file, so an unchanged packed-refs proves the list complete.
            for _ in 0..<100 {
                let before = packedReferencesIdentity()
                let names = try listReferences()
                if before == packedReferencesIdentity() { return names }
            }
            throw LibraryFailure(code: GIT_ERROR.rawValue, detail: "packed-refs changed each time it was read")
        }
        var names: [String] = []
        for bytes in found where bytes.starts(with: prefix.utf8) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw .invalidReferenceName(escaped(bytes))
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func listReferences() throws(LibraryFailure) -> [[UInt8]] {
        let iterator = try Owned.make(freedBy: git_reference_iterator_free) {
            git_reference_iterator_new(&$0, handle)
        }
        var names: [[UInt8]] = []
        while true {
            var name: UnsafePointer<CChar>?
            let status = git_reference_next_name(&name, iterator.pointer)
            if status == GIT_ITEROVER.rawValue { return names }
            try check(status)
            guard let name else { return names }
            names.append([UInt8](cString: name))
        }
    }

    /// What tells one packed-refs file from its successor; nil when there is none.
    private func packedReferencesIdentity() -> [Int]? {
        guard let common = git_repository_commondir(handle) else { return nil }
        var status = stat()
        let path = FilePath(platformString: common).appending("packed-refs")
        guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
        return [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }

    /// The commit that `id` is, or that it leads to as a tag of a tag of it; and the message of the first tag.
    /// - Parameter name: What led to `id`: errors show it.
    func peel(_ id: ObjectID, named name: String) throws(GitError) -> (commit: ObjectID, message: String) {
        var current = id
        var message: String?
        for _ in 0..<Self.longestTagChain {
            let (kind, size) = try objects.header(of: current, for: "'\(name)'")
            if kind == .commit { return (current, message ?? "") }
            guard kind == .tag else { throw .notACommit(name, kind: kind) }
            guard size <= Self.metadataLimit else {
                throw .tooLarge("the tag object of '\(name)'", size: size, limit: Self.metadataLimit)
            }
            var libraryID = current.libraryID
            let (next, text) = try attempt("read the tag object \(current) of '\(name)'") {
                () throws(LibraryFailure) in
                let tag = try Owned.make(freedBy: git_object_free) { git_tag_lookup(&$0, handle, &libraryID) }
                guard let target = git_tag_target_id(tag.pointer) else { throw LibraryFailure.nothing }
                return (ObjectID(target.pointee), String(repairing: git_tag_message(tag.pointer)))
            }
            current = next
            message = message ?? text
        }
        throw .overLimit(.tags, at: "'\(name)'", limit: Self.longestTagChain)
    }

    private static var longestTagChain: Int { 32 }
    /// Bytes of a commit or a tag object. Git sets no bound; these are messages written by people.
    static var metadataLimit: Int { 16 << 20 }
}
