import ArgumentParser
import Glibc
import RollerCore
import Tarball

/// How a tree becomes a package, whatever the tree came from.
struct PackOptions: ParsableArguments {
    /// Which permissions the package gets.
    enum Modes: String, CaseIterable, ExpressibleByArgument {
        case exact, normal
    }

    @Option(help: ArgumentHelp("Pack what is below this path, and take the path off.", valueName: "path"))
    var stripPrefix: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Leave these paths of the source out, with all below them.", valueName: "path"))
    var skip: [String] = []
    @Option(help: ArgumentHelp("Where the two files go; it must be there.", valueName: "dir"))
    var output = "."
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Paths in the package that may be setuid or setgid.", valueName: "path"))
    var allowSetuid: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Paths in the package that may have capabilities.", valueName: "path"))
    var allowCapabilities: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Extended attributes that files may have, such as user.origin or user.*", valueName: "name"))
    var allowXattr: [String] = []
    @Option(help: "The permissions of the tree as they are, or 0755 for what can be run and 0644 for the rest.")
    var modes: Modes = .exact
    @Option(help: "How hard zstd tries, from 1 to 19.")
    var level = 3
    @Option(
        help: ArgumentHelp(
            "A word about where it came from, such as builder=ci-7; may be repeated.", valueName: "key=value"))
    var origin: [String] = []
    @Option(
        help: ArgumentHelp("The git work tree it was built from, whose commit and remote are noted.", valueName: "dir"))
    var source: String?

    /// To be called when a command validates itself: as `validate` of an option group it would run while arguments are
    /// decoded, and what it threw there would be taken for a wish to see the version of rollerctl.
    func check() throws {
        guard (1...19).contains(level) else { throw ValidationError("--level goes from 1 to 19") }
        for name in allowXattr where name != "user.*" && (AttributeName(name)?.isCapabilities ?? true) {
            throw ValidationError("'\(name)' cannot be allowed: use user.* or user. and a name")
        }
        _ = try words()
    }

    /// The words that were given with --origin.
    func words() throws -> [String: String] {
        var words: [String: String] = [:]
        for word in origin {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, SettingKey(parts[0]) != nil,
                !parts[1].unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
            else { throw ValidationError("'\(word)' is not KEY=VALUE on one line") }
            words[parts[0]] = parts[1]
        }
        return words
    }

    /// The options that decide about the archive's bytes, and none that say where something stands, so that a build
    /// elsewhere notes the same.
    var deciding: String {
        var words = ["--level", "\(level)", "--modes", modes.rawValue]
        if let stripPrefix { words += ["--strip-prefix", stripPrefix.trimmingSlashes] }
        for (name, values) in [
            ("--skip", skip), ("--allow-setuid", allowSetuid), ("--allow-capabilities", allowCapabilities),
            ("--allow-xattr", allowXattr),
        ] where !values.isEmpty {
            words.append(name)
            words += values.sorted()
        }
        return words.joined(separator: " ")
    }

    var builderOptions: TarballBuilder.Options {
        // As many threads as there are processors: any number from one on gives the same bytes.
        let processors = max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
        var options = TarballBuilder.Options(compression: .zstd(level: level, threads: processors))
        options.policy.setuid = allowSetuid.isEmpty ? .none : .only(Set(allowSetuid))
        if !allowCapabilities.isEmpty || !allowXattr.isEmpty {
            options.policy.attributes = .declared(capabilities: Set(allowCapabilities), names: Set(allowXattr))
        }
        options.permissions = modes == .exact ? .exact : .normalised
        options.stripPrefix = stripPrefix?.trimmingSlashes ?? ""
        options.skipped = Set(skip.map(\.trimmingSlashes))
        return options
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
