import RollerCore
import SystemPackage
import Tarball

/// Why a package cannot be built, read or published.
enum PackageError: RollerError {
    case build(FilePath, cause: TarballError)
    case badPath(String)
    case badAttribute(String, name: String)
    case empty
    case outputInside(FilePath, tree: FilePath)
    case manifest(FilePath, cause: any Error)
    case otherPackage(FilePath, expected: PackageID, found: PackageID)
    case archive(FilePath, cause: any Error)
    case archiveDiffers(FilePath, manifest: Digest, archive: Digest)
    case archiveSizeDiffers(FilePath, manifest: ByteCount, archive: ByteCount)

    /// Why an entry cannot be one of a manifest.
    static func unfit(_ entry: TarballEntry) -> PackageError {
        guard TreePath(entry.path) != nil, let name = entry.extendedAttributes.keys.min() else {
            return .badPath(entry.path)
        }
        let bad = entry.extendedAttributes.keys.sorted().first { AttributeName($0) == nil }
        return .badAttribute(entry.path, name: bad ?? name)
    }

    var message: String {
        switch self {
        case .build(let tree, _): "cannot build a package of '\(tree)'"
        case .badPath(let path): "'\(path)' cannot be a path of a package"
        case .badAttribute(let path, let name):
            "'\(path)' has an extended attribute that no package can have: '\(name)'"
        case .empty: "there is nothing to pack"
        case .outputInside(let output, let tree): "the output directory '\(output)' is in the tree '\(tree)' itself"
        case .manifest(let path, _): "cannot use the manifest '\(path)'"
        case .otherPackage(let path, let expected, let found):
            "'\(path)' is the manifest of \(found), not of \(expected)"
        case .archive(let path, _): "cannot read the archive '\(path)'"
        case .archiveDiffers(let path, let manifest, let archive):
            "'\(path)' has the digest \(archive), and its manifest says \(manifest)"
        case .archiveSizeDiffers(let path, let manifest, let archive):
            "'\(path)' has \(archive.bytes) bytes, and its manifest says \(manifest.bytes)"
        }
    }

    var cause: (any Error)? {
        switch self {
        case .build(_, let cause): cause
        case .manifest(_, let cause), .archive(_, let cause): cause
        case .badPath, .badAttribute, .empty, .outputInside, .otherPackage, .archiveDiffers, .archiveSizeDiffers: nil
        }
    }

    var hint: String? {
        switch self {
        case .build(_, let cause): cause.hint
        case .badPath: "use \(TreePath.rule)"
        case .badAttribute: "use \(AttributeName.rule); capabilities of revision 2"
        case .empty: "an empty tree is mostly a wrong directory, or a wrong --strip-prefix"
        case .outputInside: "name a directory beside it with --output"
        case .manifest, .archive: nil
        case .otherPackage: "a manifest's file has the name that `rollerctl package build` gave it"
        case .archiveDiffers, .archiveSizeDiffers: "build the package again, or copy both of its files again"
        }
    }
}

extension TarballError {
    /// What one can do about what a build refuses.
    fileprivate var hint: String? {
        switch self {
        case .setuid(let path): "if it must be so, say `--allow-setuid \(path)`"
        case .extendedAttribute(let path, "security.capability"):
            "if it must be so, say `--allow-capabilities \(path)`; `setcap -r` takes them away"
        case .extendedAttribute(_, let name) where name.hasPrefix("user."):
            "if it must stay, say `--allow-xattr \(name)`; `setfattr -x` takes it away"
        case .extendedAttribute: "`setfattr -x`, or `setfacl -b` for access lists, takes it away"
        case .absoluteLink, .escapingLink: "make it a relative link to a place in the package"
        case .device, .fifoOrSocket: "leave it out: a package holds files, directories and links"
        case .pathClash: "rename one of the two"
        case .changedWhileRead: "build once nothing writes to the tree"
        case .outsidePrefix: "pack another tree, or strip less"
        default: nil
        }
    }
}
