import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage

/// `roll uninstall`: the live tree stays as a plain one, and everything else of Roller's goes.
struct UninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Leave the live tree as a plain directory, and remove everything beside it.",
        discussion: """
            Services go on. Kept data moves to where the tree has links to it; the marker goes; earlier generations, \
            packages, receipts and what was before Roller are gone for good, unless --keep-directory moves them aside. \
            Links in /etc/cron.d stay: the crontabs that they point to do. Run again, it ends what was cut off.
            """)

    @OptionGroup var prefix: PrefixOptions
    @OptionGroup var output: ReportOptions

    @Flag(help: "Really.")
    var yes = false

    @Flag(help: "Keep what is beside the tree, as DIR.roller-uninstalled.")
    var keepDirectory = false

    func run() async throws {
        let path = try prefix.path
        guard yes else {
            throw RollError.needsConsent("this removes all generations but the live one, and every receipt, of \(path)")
        }
        guard let home = try RollerHome.open(prefix: path, creating: false) else {
            let removal = try Removal(of: path)
            return output.report.step(
                "uninstall", try removal.finish() ? "done, as begun before" : "there is nothing of Roller's")
        }
        let lock = try Lock.take(home, for: "uninstall")
        let recovered = try await Recover(home: home, report: output.report).run()
        guard recovered.live != nil else { throw RollError.needsAdoption("there is nothing at \(path)") }
        if !keepDirectory, try holdsOtherData(than: recovered.state.current, home) {
            throw RollError.dataWouldGo(home.keepPath.string)
        }
        do {
            try await moveKeptData(of: recovered.state.current, home)
            try home.parent.sync()
            let removal = try Removal(of: path)
            // From here on no roll finds the directory. The lock is in it, and held to the end.
            try removal.begin(keepingDirectory: keepDirectory)
            _ = try removal.finish()
        } catch {
            throw RollError.cannotStage(what: "uninstall", cause: error)
        }
        lock.letGo()
        output.report.step("uninstall", "\(path) is a plain directory, with all that was in it")
    }

    /// Whether `keep/` has files that the live tree has no link to, as of a class that the host has no more.
    private func holdsOtherData(than live: Generation, _ home: RollerHome) throws -> Bool {
        let keep = try home.root.openDirectory("keep")
        var moving = 0
        for path in try home.record(of: live)?.keep.map(\.rawValue) ?? []
        where try keep.status(of: path)?.kind == .directory {
            moving += try files(in: keep.openDirectory(path))
        }
        return try files(in: keep) > moving
    }

    private func files(in directory: borrowing Directory) throws(FileError) -> Int {
        var count = 0
        // Links of our own are what an uninstall that was cut off left.
        try directory.eachStatus { if $0.kind != .directory, $0.kind != .symlink { count += 1 } }
        return count
    }

    /// Puts data where the tree has a link to it, in one step each: who opens it by its path finds it at any time.
    private func moveKeptData(of live: Generation, _ home: RollerHome) async throws {
        let keep = try home.root.openDirectory("keep")
        let tree = try home.parent.openDirectory(home.name)
        for path in try home.record(of: live)?.keep.map(\.rawValue) ?? [] {
            guard try tree.status(of: path)?.kind == .symlink, try keep.status(of: path) != nil,
                try tree.readLink(path) == home.keepPath.appending(path).string
            else { continue }
            try tree.exchange(path, with: path, in: keep)
        }
    }
}

/// The end of Roller at a prefix. The directory beside it goes first by its name, so that nothing half removed passes for
/// what it was.
private struct Removal: ~Copyable {
    private let parent: Directory
    private let name: String

    init(of prefix: FilePath) throws(FileError) {
        parent = try Directory.open(prefix.removingLastComponent(), followingLinks: true)
        name = prefix.lastComponent?.string ?? ""
    }

    private var doomed: String { "\(name).roller-removing" }

    func begin(keepingDirectory: Bool) throws(FileError) {
        try parent.rename(
            "\(name).roller", to: keepingDirectory ? "\(name).roller-uninstalled" : doomed, in: parent, replacing: false
        )
        try parent.sync()
    }

    /// Removes the marker and the directory.
    /// - Returns: Whether there was anything to remove.
    func finish() throws(FileError) -> Bool {
        var hasRemoved = false
        let marker = "\(name)/\(GenerationMarker.directory)"
        if try parent.status(of: "\(marker)/\(GenerationMarker.file)") != nil {
            try parent.removeTree(marker)
            hasRemoved = true
        }
        if try parent.status(of: doomed) != nil {
            try parent.removeTree(doomed)
            hasRemoved = true
        }
        return hasRemoved
    }
}
