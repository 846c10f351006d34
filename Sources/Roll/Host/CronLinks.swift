import LinuxSystem
import RollerCore
import SystemPackage

/// Links in /etc/cron.d to the crontabs of the live tree. They follow from the tree alone, so whatever was cut off, the next
/// roll or recovery makes them right. Only links that point into the prefix are ever made, changed or removed.
struct CronLinks {
    /// Where crontabs stand below the prefix.
    static let place = "etc/cron.d"

    private let home: RollerHome
    /// Where cron looks; nil where nothing is to be linked.
    private let folder: FilePath?
    private var target: String { home.prefix.appending(Self.place).string + "/" }

    init(_ home: RollerHome) throws {
        self.home = home
        switch try home.options().cronDirectory {
        case "none"?: folder = nil
        case let path?: folder = FilePath(path)
        // Of others than root cron reads nothing there.
        case nil: folder = Accounts.effectiveUser == 0 ? "/etc/cron.d" : nil
        }
    }

    /// Refuses a candidate with a crontab that cron would pass over in silence, or whose name is taken.
    func check(_ candidate: Generation) throws {
        guard folder != nil else { return }
        let tree = try home.generations.openDirectory("\(candidate)")
        var taken: [String: String?] = [:]
        if let directory = try directory() { taken = try entries(of: directory) }
        for entry in try crontabs(in: tree) {
            let path = "\(Self.place)/\(entry.name)"
            guard let status = try tree.status(of: path) else { continue }
            if let why = Self.reason(entry.name, status) { throw CronRefusal(path: path, why: why) }
            guard let text = taken[entry.name], text?.hasPrefix(target) != true else { continue }
            throw CronRefusal(path: path, why: "\(folder ?? "") has something else of that name")
        }
    }

    /// Makes the links what the live tree says. Those of the tree from before Roller are not its business.
    func update() throws {
        guard let directory = try directory() else { return }
        var wanted: Set<String> = []
        if let live = try home.liveGeneration(), live != .beforeRoller {
            wanted = Set(try crontabs(in: home.parent.openDirectory(home.name)).map(\.name))
        }
        var taken: Set<String> = []
        for (name, text) in try entries(of: directory) {
            if text?.hasPrefix(target) == true, text != target + name || !wanted.contains(name) {
                try directory.remove(name)
            } else {
                taken.insert(name)
            }
        }
        for name in wanted.subtracting(taken).sorted() { try directory.symlink(name, to: target + name) }
    }

    /// The same; what fails is told, and keeps nothing else from its end.
    static func update(_ home: RollerHome, _ report: Report) {
        do {
            try CronLinks(home).update()
        } catch {
            report.warning("cannot link the crontabs of the live tree; the next roll tries again: \(explain(error))")
        }
    }

    private func directory() throws(FileError) -> Directory? {
        guard let folder else { return nil }
        do {
            return try Directory.open(folder, followingLinks: true)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            return nil  // no cron here
        }
    }

    /// The names there, with the texts of those that are links.
    private func entries(of directory: borrowing Directory) throws(FileError) -> [String: String?] {
        var found: [String: String?] = [:]
        for entry in try directory.entries() {
            found[entry.name] = .some(entry.kind == .symlink ? try directory.readLink(entry.name) : nil)
        }
        return found
    }

    private func crontabs(in tree: borrowing Directory) throws(FileError) -> [Directory.Entry] {
        guard try tree.status(of: Self.place)?.kind == .directory else { return [] }
        return try tree.openDirectory(Self.place).entries()
    }

    /// Why cron would not run it: cron(8) of Debian.
    private static func reason(_ name: String, _ status: FileStatus) -> String? {
        guard name.utf8.allSatisfy(isOfCronName) else {
            return "cron passes over names with anything but letters, digits, '_' and '-'"
        }
        if status.kind != .regular { return "cron reads regular files only" }
        if status.uid != Accounts.effectiveUser { return "cron passes over files that do not belong to root" }
        if status.permissions & 0o022 != 0 { return "cron passes over files that others may write" }
        return nil
    }

    private static func isOfCronName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

private struct CronRefusal: RollerError {
    let path: String
    let why: String
    var message: String { "'\(path)' would not run: \(why)" }
    var hint: String? { "services were not touched; rename or mend it in its package or class, or say --cron-dir none" }
}

extension Stager {
    /// Gives crontabs of packages files of their own, with a time of their own: cron tells a changed crontab by its time of
    /// modification alone, and files of packages have one and the same in every version.
    func renewCrontabs(in tree: borrowing Directory, now: Int) throws(FileError) {
        guard try tree.status(of: CronLinks.place)?.kind == .directory else { return }
        for entry in try tree.openDirectory(CronLinks.place).entries() where entry.kind == .regular {
            let path = "\(CronLinks.place)/\(entry.name)"
            if let links = try tree.status(of: path)?.links, links > 1 {
                let temporary = "\(CronLinks.place)/\(Directory.temporaryPrefix)crontab"
                try tree.copyFile(path, to: temporary, in: tree)
                try tree.rename(temporary, to: path, in: tree, replacing: true)
            }
            try tree.setTimes(path, to: FileTime(seconds: Int64(now)))
        }
    }
}
