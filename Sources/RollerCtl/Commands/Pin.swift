import ArgumentParser
import ConfigSource
import LinuxSystem
import RollerCore

/// Puts hosts on a release.
struct Pin: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts hosts on a release, by changing that one value in their files.",
        discussion: "Every other byte stays: comments, order, quotes. Nothing is written unless all hosts can be.")

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The release: CLASS@RELEASE, or CLASS@ and a full commit.", transform: validated)
    var release: ReleaseReference
    @Argument(help: "The hosts' full names.", transform: validated)
    var hosts: [HostName]

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let console = surroundings.console
        switch try ConfigSource.release(release, in: repository.git) {
        case .found(_, let findings):
            if let error = findings.first(where: { $0.severity == .error }) {
                console.warn("'\(release)' has errors: \(error.location): \(error.message)")
            }
        case .unreadable: throw PinError.noClass(release)
        case .missing(let near): throw UnknownName("release", release.rawValue, among: near)
        }
        let root = try Directory.open(repository.workTree(), followingLinks: true)
        let edits = try hosts.map { host in try edit(host, in: root) }
        for edit in edits where edit.isChange {
            try root.replaceFile(edit.path, permissions: edit.permissions, bytes: edit.bytes, durable: true)
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
        return .fine
    }

    private func edit(_ host: HostName, in root: borrowing Directory) throws -> Edit {
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
}

/// What becomes of one host's file.
private struct Edit {
    let host: HostName
    let path: String
    let permissions: UInt16
    let old: ReleaseReference
    let bytes: [UInt8]
    let isChange: Bool
}

private enum PinError: RollerError {
    case noClass(ReleaseReference)

    var message: String {
        switch self {
        case .noClass(let release): "'\(release)' has no hostclasses/\(release.hostclass).yml that can be read"
        }
    }
    var hint: String? { "name a release that was made after the class was" }
}
