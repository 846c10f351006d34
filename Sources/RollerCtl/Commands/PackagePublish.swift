import ArgumentParser
import RollerCore
import SystemPackage
import Transfer

/// Gives packages to a config server.
struct PackagePublish: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Gives packages to a config server.",
        discussion: """
            Each archive is checked against its manifest, and sent before it. The token, of the scope publish, comes \
            from --token-file or ROLLER_TOKEN. Publishing the same bytes again is fine; other bytes under a version \
            that is there are refused.

            Servers that share a bucket pass packages on. With --wait this ends with 0 once the datacenters have them,             after saying how long each took, and with 1 when time is up.
            """)

    @OptionGroup var connection: ServerOptions
    @Argument(help: "Manifests, each with its archive beside it.")
    var manifests: [String]
    @Option(help: ArgumentHelp("The config server.", valueName: "url"))
    var server: String
    @Option(help: ArgumentHelp("A file that holds the token.", valueName: "file"))
    var tokenFile: String?
    @Flag(help: "Send the token over http to another machine.")
    var allowPlainHttp = false
    @Option(
        help: ArgumentHelp(
            "Wait until these datacenters have the packages: names with commas, or all.", valueName: "datacenters"),
        transform: WaitedDatacenters.argument)
    var wait: WaitedDatacenters?
    @Option(help: ArgumentHelp("How long to wait, as in 10m.", valueName: "time"), transform: validated)
    var timeout: TimeSpan = .seconds(600)

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        // Everything is read and checked before the first byte is sent.
        let files = try manifests.map { try ManifestFile.read(surroundings.resolve($0)) }
        for file in files { try file.checkArchive(at: file.archivePath) }
        guard allowPlainHttp || !PublishToken.isPlain(server) else { throw ServerError.plainToken(server) }
        let token = try PublishToken.read(file: tokenFile, in: surroundings)
        let server = try PackageServer(server, connection, token: token, in: surroundings)
        for file in files {
            let id = file.manifest.id
            let words = try await publish(file, to: server, surroundings.console)
            surroundings.console.note("\(id): \(words)")
        }
        guard let wait else { return .fine }
        let waiting = ReplicationWait(server: server, datacenters: wait, limit: timeout, surroundings: surroundings)
        var isComplete = true
        for file in files where try await !waiting.run(for: file.manifest.id) { isComplete = false }
        return isComplete ? .fine : .found
    }

    /// Sends what the server lacks. The archive of a package that is there is offered too: the server looks at its own,
    /// and sends for the bytes only where those are damaged.
    /// - Returns: What came of it, in words.
    private func publish(_ file: ManifestFile, to server: PackageServer, _ console: Console) async throws -> String {
        let id = file.manifest.id
        let published = try await server.published(id)
        if let published, published != file.bytes {
            throw ServerError.otherBytes(id, own: Digest(of: file.bytes), published: Digest(of: published))
        }
        let progress = ProgressLine(of: "\(id)", on: console)
        defer { progress.clear() }
        let archive = try await server.put(archive: file.archivePath, digest: file.manifest.archive, of: id) {
            progress.show($0.done, of: $0.total)
        }
        guard published == nil else {
            return archive == .made ? "the server's archive was damaged, and is mended" : "already there"
        }
        return try await server.put(manifest: file.bytes, of: id) == .made
            ? "published (\(file.manifest.size))" : "already there"
    }
}
