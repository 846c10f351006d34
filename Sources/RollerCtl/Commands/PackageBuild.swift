import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// Packs a directory tree.
struct PackageBuild: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Packs a directory: the same bytes from the same tree, wherever it stands.",
        discussion: """
            DIR holds what goes below the prefix: DIR/bin/jq becomes /usr/local/bin/jq. Writes \
            NAME-VERSION-PLATFORM.tar.zst and its .manifest. All belongs to root, with one time. Refused: devices, \
            links that are absolute or leave the tree, setuid without --allow-setuid, extended attributes, paths \
            that differ only by case.
            """)

    /// Which permissions the package gets.
    enum Modes: String, CaseIterable, ExpressibleByArgument {
        case exact, normal
    }

    @Argument(help: ArgumentHelp("The tree to pack.", valueName: "dir"))
    var tree: String
    @Option(help: "The package's name.", transform: validated)
    var name: PackageName
    @Option(help: "Its version: opaque text, whose bytes never change once published.", transform: validated)
    var version: PackageVersion
    @Option(help: "What it is built for, such as debian-12-x86_64, or any.", transform: validated)
    var platform: Platform
    @Option(help: ArgumentHelp("Pack what is below this path, and take the path off.", valueName: "path"))
    var stripPrefix = ""
    @Option(help: ArgumentHelp("Where the two files go; it must be there.", valueName: "dir"))
    var output = "."
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Paths in the package that may be setuid or setgid.", valueName: "path"))
    var allowSetuid: [String] = []
    @Option(help: "The permissions of the tree as they are, or 0755 for what can be run and 0644 for the rest.")
    var modes: Modes = .exact
    @Option(help: "How hard zstd tries, from 1 to 19.")
    var level = 3
    @Option(
        help: ArgumentHelp(
            "A word about where it came from, such as commit=4f2a91; may be repeated.", valueName: "key=value"))
    var origin: [String] = []

    func validate() throws {
        guard (1...19).contains(level) else { throw ValidationError("--level goes from 1 to 19") }
        _ = try originWords()
    }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        var options = TarballBuilder.Options(compression: .zstd(level: level, threads: 4))
        options.policy.setuid = allowSetuid.isEmpty ? .none : .only(Set(allowSetuid))
        options.permissions = modes == .exact ? .exact : .normalised
        options.stripPrefix = stripPrefix.trimmingSlashes
        let id = PackageID(name: name, version: version, platform: platform)
        let order = PackageOrder(id: id, origin: try originWords(), options: options)
        let built = try order.build(surroundings.resolve(tree), into: surroundings.resolve(output))
        warn(of: built, surroundings.console)
        try surroundings.console.print(built.manifest.summary.yaml)
        let manifest = built.manifest
        surroundings.console.note(
            "built \(manifest.archiveName): \(manifest.size), \(manifest.unpackedSize) unpacked")
        return .fine
    }

    private func originWords() throws -> [String: String] {
        var words = ["built-by": "rollerctl \(RollerCtl.version)"]
        for word in origin {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, SettingKey(parts[0]) != nil,
                !parts[1].unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
            else { throw ValidationError("'\(word)' is not KEY=VALUE on one line") }
            words[parts[0]] = parts[1]
        }
        return words
    }

    private func warn(of built: BuiltPackage, _ console: Console) {
        let writable = built.manifest.entries.filter { ($0.permissions ?? 0) & 0o022 != 0 }
        if let first = writable.first {
            console.warn(
                "\(counted(writable.count, "path")) can be written by group or others, '\(first.path)' among them;"
                    + " --modes normal makes them 0755 and 0644")
        }
        for path in allowSetuid where !built.manifest.entries.contains(where: { $0.path.rawValue == path }) {
            console.warn("--allow-setuid '\(path)' names nothing in the package")
        }
        if built.replacedOtherBytes {
            let name = built.manifest.archiveName
            console.warn("'\(name)' was there with other bytes; a published version never changes")
        }
    }
}

extension String {
    /// Without slashes at either end.
    var trimmingSlashes: String {
        var rest = self[...]
        while rest.utf8.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
        while rest.utf8.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        return String(rest)
    }
}
