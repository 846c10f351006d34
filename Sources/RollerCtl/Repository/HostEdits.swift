import ConfigSource
import LinuxSystem
import RollerCore

/// Changes to the files of hosts that put them on a release: all of them or none.
struct HostEdits {
    private let release: ReleaseReference
    private let edits: [Edit]

    /// What becomes of one host's file.
    private struct Edit {
        let host: HostName
        let path: String
        let permissions: UInt16
        let old: ReleaseReference
        let bytes: [UInt8]
        let isChange: Bool
    }

    /// Whether changes are written, or only shown.
    enum Mode {
        case write, show
    }

    /// Makes the changes, and writes none of them yet.
    /// - Throws: When a host is not known, or its file cannot be changed in that one value alone.
    init(to release: ReleaseReference, of hosts: [HostName], in root: borrowing Directory) throws {
        self.release = release
        edits = try hosts.map { host in try Self.edit(host, to: release, in: root) }
    }

    private static func edit(
        _ host: HostName, to release: ReleaseReference, in root: borrowing Directory
    ) throws -> Edit {
        let path = "hosts/\(host).yml"
        guard let status = try root.status(of: path) else {
            let known = try root.openDirectory("hosts").entries().filter { $0.name.hasSuffix(".yml") }
            throw UnknownName("host", host.rawValue, among: known.map { String($0.name.dropLast(4)) })
        }
        let bytes = try root.readFile(path, limit: 16 << 20)
        let edited = try HostEdit.settingRelease(in: bytes, of: host, to: release, file: path)
        return Edit(
            host: host, path: path, permissions: status.permissions, old: edited.old, bytes: edited.bytes,
            isChange: edited.bytes != bytes)
    }

    /// Writes the changes, where `mode` says so, and tells of each.
    func carryOut(_ mode: Mode, in root: borrowing Directory, _ console: Console) throws {
        if mode == .write {
            for edit in edits where edit.isChange {
                try root.replaceFile(edit.path, permissions: edit.permissions, bytes: edit.bytes, durable: true)
            }
        }
        for edit in edits {
            guard edit.isChange else {
                console.note("\(edit.path): is on \(release) already")
                continue
            }
            console.note("\(edit.path): \(edit.old) -> \(release)")
            if edit.old.hostclass != release.hostclass {
                console.warn("'\(edit.host)' was of the class '\(edit.old.hostclass)'")
            }
        }
        if mode == .show, !edits.isEmpty { console.note("nothing is written: this was a dry run") }
    }
}

extension ConfigRepository {
    /// Refuses a release that is not there; warns of one that no host can be rolled to.
    func check(_ release: ReleaseReference, _ console: Console) throws {
        switch try ConfigSource.release(release, in: git) {
        case .found(_, let findings):
            if let error = findings.first(where: { $0.severity == .error }) {
                console.warn("'\(release)' has errors: \(error.location): \(error.message)")
            }
        case .unreadable: throw PinError.noClass(release)
        case .missing(let near): throw UnknownName("release", release.rawValue, among: near)
        }
    }
}

/// Why hosts cannot be put on a release.
enum PinError: RollerError {
    case noClass(ReleaseReference)
    case otherClass(ReleaseReference, HostclassName)
    case noWaves(HostclassName)

    var message: String {
        switch self {
        case .noClass(let release): "'\(release)' has no hostclasses/\(release.hostclass).yml that can be read"
        case .otherClass(let release, let name): "'\(release)' is no release of '\(name)'"
        case .noWaves(let name): "roller.yml has no waves for '\(name)'"
        }
    }

    var hint: String? {
        switch self {
        case .noClass: "name a release that was made after the class was"
        case .otherClass(let release, _): "use --class \(release.hostclass), or name the hosts one by one"
        case .noWaves(let name):
            "write `waves: {\(name): [1, 10%, 50%, 100%]}` into it: how many hosts are on a release after each wave"
        }
    }
}
