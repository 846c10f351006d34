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
            TREE holds what goes below the prefix: TREE/bin/jq becomes /usr/local/bin/jq. It is a directory, or a \
            tarball (plain, gzip, zstd, xz or bzip2) that is unpacked first. Writes NAME-VERSION-PLATFORM.tar.zst and \
            its .manifest. All belongs to root, with one time. Refused: devices, links that are absolute or leave \
            the tree, setuid, capabilities and extended attributes that no option allows, paths that differ only by \
            case.
            """)

    @Argument(help: ArgumentHelp("The directory or tarball to pack.", valueName: "tree"))
    var tree: String
    @Option(help: "The package's name.", transform: validated)
    var name: PackageName
    @Option(help: "Its version: opaque text, whose bytes never change once published.", transform: validated)
    var version: PackageVersion
    @Option(help: "What it is built for, such as debian-12-x86_64, or any.", transform: validated)
    var platform: Platform
    @OptionGroup var pack: PackOptions

    func validate() throws { try pack.check() }

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let order = PackageOrder(
            id: PackageID(name: name, version: version, platform: platform),
            origin: try await PackageOrigin.words("package build", pack, in: surroundings),
            options: pack.builderOptions)
        let (source, output) = (surroundings.resolve(tree), surroundings.resolve(pack.output))
        let console = surroundings.console
        guard try UnpackedSource.isFile(source) else {
            return try pack.tell(of: order.build(source, into: output, on: console), console)
        }
        let built = try UnpackedSource.make(beside: output) { unpacked in
            try unpacked.add(tarball: source, shown: source)
            return try order.build(unpacked.tree, shown: source, into: output, on: console)
        }
        return try pack.tell(of: built, console)
    }
}
