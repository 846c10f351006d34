import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage

/// `roll blame PATH[:LINE]`: whence a path of the live tree comes.
struct BlameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame", abstract: "Show which package or file of the class a path comes from.",
        discussion: """
            With a line, of a file that the class brings: the line of its template, the sections around it, and the \
            settings that it shows. Told from what is on this host, without the network. `rollerctl blame` tells the \
            commits too. `since` lists what was done to the path by hand.
            """)

    @Argument(help: ArgumentHelp("A path, absolute or below the prefix, and perhaps a line.", valueName: "path[:line]"))
    var place: String

    @OptionGroup var prefix: PrefixOptions

    @Flag(name: .customLong("json"), help: "Print it as JSON.")
    var printsJSON = false

    func run() async throws {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false),
            let live = try home.liveGeneration(), let record = try home.record(of: live)
        else { throw RollError.nothingToVerify(try prefix.path.string) }
        let (path, line) = try parsed(home.prefix)
        let found: PathOrigin
        do {
            found = try await PathOrigin.find(path, line: line, in: record, home)
        } catch {
            throw RollError.cannotTell(of: place, cause: error)
        }
        try standardOutput(
            printsJSON
                ? String(decoding: found.value.json(pretty: true), as: UTF8.self) : printableLines(found.value.yaml))
        if found.entry == nil { throw ExitCode(RollExit.changed.rawValue) }
    }

    private func parsed(_ prefix: FilePath) throws -> (TreePath, line: Int?) {
        var text = place
        var line: Int?
        if let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]), number > 0 {
            line = number
            text = String(text[..<colon])
        }
        if text.hasPrefix(prefix.string + "/") { text = String(text.dropFirst(prefix.string.count + 1)) }
        guard let path = TreePath(text) else {
            throw ValidationError("'\(text)' is no path of the tree: use \(TreePath.rule)")
        }
        return (path, line)
    }
}
