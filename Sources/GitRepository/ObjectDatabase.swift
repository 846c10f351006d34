internal import CLibGit2
internal import SystemPackage

/// The objects of a repository, by id.
struct ObjectDatabase: ~Copyable {
    private let handle: Owned
    /// Whether the repository was cloned without the older part of its history.
    let isShallow: Bool

    init(of repository: OpaquePointer) throws(LibraryFailure) {
        handle = try Owned.make(freedBy: git_odb_free) { git_repository_odb(&$0, repository) }
        isShallow = git_repository_is_shallow(repository) == 1
    }

    /// Reads objects from a further `objects` directory too.
    func add(directory: FilePath) throws(LibraryFailure) {
        try check(directory.withPlatformString { git_odb_add_disk_alternate(handle.pointer, $0) })
    }

    /// The kind and size of an object, without its bytes.
    /// - Parameter use: What it is for, as in "file 'a/b'": errors name it.
    func header(of id: ObjectID, for use: @autoclosure () -> String) throws(GitError) -> (
        kind: GitObjectKind, size: Int
    ) {
        var size = 0
        var kind = GIT_OBJECT_INVALID
        var libraryID = id.libraryID
        do throws(LibraryFailure) {
            try check(git_odb_read_header(&size, &kind, handle.pointer, &libraryID))
        } catch { throw self.error(error, reading: id, for: use()) }
        return (GitObjectKind(kind), size)
    }

    /// The bytes of an object of a known kind. Its size is looked at before any memory is taken for it.
    func bytes(
        of id: ObjectID, as expected: GitObjectKind, limit: Int, for use: @autoclosure () -> String
    ) throws(GitError) -> [UInt8] {
        let (kind, size) = try header(of: id, for: use())
        guard kind == expected else { throw .wrongKind(id, of: use(), expected: expected, found: kind) }
        guard size <= limit else { throw .tooLarge(use(), size: size, limit: limit) }
        var libraryID = id.libraryID
        do throws(LibraryFailure) {
            let object = try Owned.make(freedBy: git_odb_object_free) {
                git_odb_read(&$0, handle.pointer, &libraryID)
            }
            let bytes = UnsafeRawBufferPointer(
                start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer))
            return [UInt8](bytes)
        } catch { throw self.error(error, reading: id, for: use()) }
    }

    /// The one object whose id begins with these hexadecimal digits.
    func id(abbreviated digits: String) throws(LibraryFailure) -> ObjectID {
        var (short, id) = (git_oid(), git_oid())
        try check(git_oid_fromstrn(&short, digits, digits.utf8.count))
        try check(git_odb_exists_prefix(&id, handle.pointer, &short, digits.utf8.count))
        return ObjectID(id)
    }

    private func error(_ failure: LibraryFailure, reading id: ObjectID, for use: String) -> GitError {
        failure.isNotFound
            ? .missingObject(id, of: use, isShallow: isShallow, detail: failure.detail)
            : .corruptObject(id, of: use, detail: failure.detail)
    }
}

extension GitObjectKind {
    init(_ kind: git_object_t) {
        switch kind {
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TAG: self = .tag
        default: self = .unknown
        }
    }
}
