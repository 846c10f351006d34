public import LinuxSystem
public import SystemPackage

/// Why a tarball cannot be read, written or unpacked.
public enum TarballError: Error, Hashable, Sendable {
    // The machine.
    /// A system call failed: what was tried, on what, and why.
    case system(doing: String, on: String, Errno)
    /// A call on a file of the tree that is packed or unpacked failed.
    case file(FileError)
    case outOfMemory

    // The archive as bytes.
    /// libarchive could not go on; `cause` is its own message.
    case damaged(doing: String, cause: String)
    /// The bytes end before the tarball does.
    case truncated
    /// Something follows the end of the tarball.
    case trailingData
    /// A header contradicts itself, or two readers would not agree about it.
    case badHeader(String, why: String)

    // One path, against the policy.
    case emptyPath
    case nonUTF8Path([UInt8])
    case controlCharacterInPath(String)
    case pathTooLong(String, limit: Int)
    case pathTooDeep(String, limit: Int)
    case absolutePath(String)
    /// A path with a `..` component.
    case escapingPath(String)
    /// A path with a `.` or an empty component: a second spelling of another path.
    case unclearPath(String)
    case duplicatePath(String)
    /// Two paths that differ only by case or by Unicode normal form.
    case pathClash(String, with: String)
    /// A path below `parent`, which is a file or a link.
    case fileBelowNonDirectory(String, parent: String)

    // One entry, against the policy.
    /// A symbolic link that leaves the root, or that has `..` after a name, which another link could lead outside.
    case escapingLink(String, target: String)
    case absoluteLink(String, target: String)
    /// A hard link to a path outside the root.
    case hardLinkOutside(String, target: String)
    /// A hard link to what is no earlier file of the tarball.
    case hardLinkToMissing(String, target: String)
    case device(String)
    case fifoOrSocket(String)
    case unsupportedType(String, type: String)
    case setuid(String)
    case ownerNotAllowed(String, uid: Int64, gid: Int64)
    case extendedAttribute(String, name: String)
    /// The extended attributes of a file are larger together than allowed.
    case attributesTooLarge(String, limit: Int)

    // The whole, against the policy.
    case tooManyEntries(limit: Int)
    case entryTooLarge(String, limit: Int64)
    case tooLarge(limit: Int64)
    case tooManyPathBytes(limit: Int)

    // Building.
    /// A file was not what it had been when it was looked at.
    case changedWhileRead(String)
    /// A path of the tree that is not below the prefix to strip.
    case outsidePrefix(String, prefix: String)
    /// The contents given for an entry are not as long as the entry says.
    case wrongSize(String, expected: Int64, actual: Int64)
}
