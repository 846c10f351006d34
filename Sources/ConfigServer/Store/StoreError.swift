internal import LinuxSystem
internal import RollerCore
internal import SystemPackage
internal import Tarball

/// Why the package store cannot do what was asked.
enum StoreError: RollerError {
    /// No such build; `near` lists what there is.
    case missing(PackageKey, near: [String])
    /// No such build yet, and hosts need it.
    case replicating(PackageKey)
    /// Other bytes have the name already.
    case conflict(PackageKey, existing: Value, offered: Value)
    /// The bytes that came are not those announced.
    case digestDiffers(announced: Digest, received: Digest)
    /// The manifest is of another package than the path.
    case otherPackage(PackageKey, manifest: String)
    /// The archive that the manifest names was not sent, or is gone again.
    case archiveMissing(Digest)
    case sizeDiffers(manifest: ByteCount, archive: ByteCount)
    case badManifest(ManifestError)
    case badArchive(String)
    /// A path that the manifest and the archive do not agree about.
    case differs(path: String, why: String)
    case noSpace(FileError)
    case file(FileError)
    /// A package in the store that cannot be read.
    case damaged(PackageKey, ManifestError)

    /// What a failed call on a file means.
    init(_ error: FileError) {
        self = error.errno == .noSpace || error.errno == .diskQuotaExceeded ? .noSpace(error) : .file(error)
    }

    var message: String {
        switch self {
        case .missing(let key, _): "there is no package '\(key)'"
        case .replicating(let key): "the package '\(key)' is locked by a release in use and has not arrived yet"
        case .conflict(let key, _, _): "the package '\(key)' is there already with other bytes"
        case .digestDiffers(let announced, let received):
            "the archive was announced as \(announced) and is \(received)"
        case .otherPackage(let key, let manifest): "the manifest is of '\(manifest)' and not of '\(key)'"
        case .archiveMissing(let digest): "there is no archive \(digest)"
        case .sizeDiffers(let manifest, let archive):
            "the archive has \(archive.bytes) bytes and the manifest says \(manifest.bytes)"
        case .badManifest: "the manifest cannot be used"
        case .badArchive(let why): "the archive cannot be used: \(why)"
        case .differs(let path, let why): "the archive and the manifest differ at '\(path)': \(why)"
        case .noSpace: "the store is full"
        case .file: "the store failed"
        case .damaged(let key, _): "the package '\(key)' in the store is damaged"
        }
    }

    var cause: (any Error)? {
        switch self {
        case .badManifest(let error), .damaged(_, let error): error
        case .noSpace(let error), .file(let error): FileCause(error: error)
        default: nil
        }
    }

    var hint: String? {
        switch self {
        case .missing(let key, let near): UnknownName("package", key.description, among: near).hint
        case .replicating: "ask again in a moment"
        case .conflict: "give the new bytes a new version; a name never changes its bytes"
        case .archiveMissing: "PUT the archive first"
        case .badManifest(let error): error.hint
        case .otherPackage, .sizeDiffers, .differs: "build the package again with `rollerctl package build`"
        case .digestDiffers: "send it again"
        case .badArchive, .noSpace, .file, .damaged: nil
        }
    }

    /// What clients are told: nothing of the machine's own paths, which are for its log.
    var publicMessage: String {
        switch self {
        case .noSpace, .file, .damaged: message
        default: explain(self)
        }
    }

    /// What kind of thing is wrong, for programs.
    var kind: String {
        switch self {
        case .missing: "package"
        case .replicating: "replicating"
        case .conflict: "conflict"
        case .digestDiffers: "digest"
        case .archiveMissing: "archive-missing"
        case .otherPackage, .badManifest: "manifest"
        case .sizeDiffers, .badArchive, .differs: "archive"
        case .noSpace: "no-space"
        case .file, .damaged: "internal"
        }
    }

    /// What was given that is wrong.
    var value: String {
        switch self {
        case .missing(let key, _), .replicating(let key), .conflict(let key, _, _), .damaged(let key, _):
            key.description
        case .digestDiffers(let announced, _): announced.rawValue
        case .otherPackage(_, let manifest): manifest
        case .archiveMissing(let digest): digest.rawValue
        case .differs(let path, _): path
        case .sizeDiffers, .badManifest, .badArchive, .noSpace, .file: ""
        }
    }
}

/// An error of a call on a file, by a wrapper that knows nothing of Roller's errors.
struct FileCause: RollerError {
    let error: FileError
    var message: String { error.message }
}
