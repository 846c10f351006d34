import LinuxSystem
import RollerCore
import SystemPackage

/// What somebody said once about how this host is rolled, and what holds until they say something else.
struct HostOptions: Hashable, Codable {
    /// How files of packages come into a tree.
    enum Link: String, Hashable, Codable, CaseIterable {
        /// As further names of the store's files.
        case hard
        /// As copies that share their blocks, where the file system can: btrfs and xfs.
        case reflink
        /// As copies.
        case copy
    }

    var link = Link.hard
    /// Where crontabs of the tree are linked: absolute; "none" for nowhere, nil for where cron looks.
    var cronDirectory: String?
}

extension RollerHome {
    private static let optionsFile = "options.json"

    /// What was said about this host.
    func options() throws -> HostOptions {
        do {
            return try readJSON(try root.readFile(Self.optionsFile, limit: 64 << 10), as: HostOptions.self)
        } catch let error as FileError where error.errno == .noSuchFileOrDirectory {
            return HostOptions()
        } catch {
            throw RollError.stateUnreadable(path.appending(Self.optionsFile).string, cause: readable(error))
        }
    }

    /// Remembers what the command line says, where that is new.
    func remember(link: HostOptions.Link?, cronDirectory: String?) throws {
        let before = try options()
        var after = before
        if let link { after.link = link }
        if let cronDirectory { after.cronDirectory = cronDirectory }
        guard after != before else { return }
        if link == .reflink {
            do {
                try generations.probeSharedBlocks()
            } catch {
                throw RollError.cannotStage(what: "link files of packages by reflink", cause: error)
            }
        }
        try root.replaceFile(Self.optionsFile, permissions: 0o600, bytes: canonicalJSON(after), durable: true)
    }
}
