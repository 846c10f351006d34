import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage

/// Makes a package of a Debian package.
struct PackageImport: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Makes a package of the files of a Debian package.",
        discussion: """
            The files of FILE.deb are packed as `package build` would pack them: --strip-prefix usr/local takes what \
            it has below /usr/local, --strip-prefix usr moves what it has below /usr to the prefix. What lies \
            elsewhere is an error, or left out with --skip. Nothing of it is run: a package with maintainer scripts is \
            refused, unless --ignore-scripts says that it works without them. Dependencies are shown, and resolved by \
            nobody.
            """)

    @Argument(help: ArgumentHelp("The Debian package.", valueName: "file.deb"))
    var file: String
    @Option(help: "The package's name. (default: its name in Debian)", transform: validated)
    var name: PackageName?
    @Option(help: "Its version. (default: its version in Debian)", transform: validated)
    var version: PackageVersion?
    @Option(help: "What it is built for. (default: any, where Debian says all)", transform: validated)
    var platform: Platform?
    @Flag(help: "Leave the scripts out that dpkg would run; they are named, and noted in the manifest.")
    var ignoreScripts = false
    @OptionGroup var pack: PackOptions

    func validate() throws { try pack.check() }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let (source, output) = (surroundings.resolve(file), surroundings.resolve(pack.output))
        let console = surroundings.console
        var origin = try await PackageOrigin.words("package import", pack, in: surroundings)
        let given = try pack.words()
        let built = try UnpackedSource.make(beside: output) { unpacked in
            let debian = try DebianPackage.open(source, in: unpacked.folder)
            try tell(of: debian, console)
            origin.merge(words(of: debian)) { _, new in new }
            origin.merge(given) { _, new in new }
            try unpacked.add(tarball: debian.data, shown: source)
            let order = PackageOrder(id: try id(of: debian), origin: origin, options: pack.builderOptions)
            return try order.build(unpacked.tree, shown: source, into: output, on: console)
        }
        return try pack.tell(of: built, console)
    }

    private func id(of debian: DebianPackage) throws -> PackageID {
        let own = { (field: String) in debian.fields[field] ?? "" }
        guard let name = name ?? PackageName(own("Package")) else {
            throw ImportError.unusable("Package", own("Package"), option: "--name", rule: PackageName.rule)
        }
        guard let version = version ?? PackageVersion(own("Version")) else {
            throw ImportError.unusable("Version", own("Version"), option: "--version", rule: PackageVersion.rule)
        }
        guard let platform = platform ?? (own("Architecture") == "all" ? .any : nil) else {
            throw ImportError.noPlatform(own("Architecture"))
        }
        return PackageID(name: name, version: version, platform: platform)
    }

    private func words(of debian: DebianPackage) -> [String: String] {
        var words: [String: String] = [:]
        for (key, field) in [("debian-package", "Package"), ("debian-version", "Version"), ("depends", "Depends")] {
            words[key] = debian.fields[field]
        }
        if !debian.scripts.isEmpty { words["scripts-left-out"] = debian.scripts.map(\.name).joined(separator: " ") }
        return words.mapValues(\.withoutControls)
    }

    private func tell(of debian: DebianPackage, _ console: Console) throws {
        if !debian.scripts.isEmpty {
            guard ignoreScripts else { throw ImportError.scripts(debian.scripts.map { "\($0.name) (\($0.size))" }) }
            let names = debian.scripts.map(\.name).joined(separator: ", ")
            console.warn("left out, and run by nobody: \(names); see to it that the files work without them")
        }
        if debian.hasConffiles { console.warn("its conffiles become files like any other: a roll replaces them") }
        if let depends = debian.fields["Depends"] { console.note("depends on \(depends.withoutControls)") }
    }
}

/// Why a Debian package cannot be imported.
private enum ImportError: RollerError {
    case scripts([String])
    case unusable(String, String, option: String, rule: String)
    case noPlatform(String)

    var message: String {
        switch self {
        case .scripts(let names): "dpkg would run scripts of it: \(names.joined(separator: ", "))"
        case .unusable(let field, let value, _, _): "its \(field) '\(value.withoutControls)' cannot be one of ours"
        case .noPlatform(let architecture):
            "it is built for '\(architecture.withoutControls)' and does not say for which system"
        }
    }

    var hint: String? {
        switch self {
        case .scripts: "`dpkg-deb --control` extracts them; --ignore-scripts imports the files alone"
        case .unusable(_, _, let option, let rule): "give another with \(option): use \(rule)"
        case .noPlatform: "say it, as in --platform debian-12-x86_64"
        }
    }
}
