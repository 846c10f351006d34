import ArgumentParser
import OrderedCollections
import RollerCore

/// Shows what a package is.
struct PackageInspect: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what an archive or a manifest holds.",
        discussion: "With --server, which classes pin the manifest's version and which hosts get it.")

    @OptionGroup var connection: ServerOptions
    @Argument(help: "An archive or a manifest.")
    var file: String
    @Flag(help: "List every path too.")
    var paths = false
    @Option(help: ArgumentHelp("The config server to ask who uses it.", valueName: "url"))
    var server: String?
    @Option(help: "How it is shown.")
    var format: ListFormat = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let contents = try await PackageContents.read(surroundings.resolve(file))
        var fields = contents.summary
        if let server {
            guard let id = contents.id else {
                throw ValidationError("'\(file)' is an archive, which does not say what it is: name its manifest")
            }
            fields["uses"] = try await UsesServer(server, connection, in: surroundings).uses(of: id).value
        }
        if format == .json {
            if paths { fields["paths"] = .list(contents.entries.map { .string($0.line) }) }
            try surroundings.console.print(Value.map(fields).prettyJSON)
            return .fine
        }
        var text = Value.map(fields).yaml
        if paths { text += "---\n" + contents.entries.map { $0.line.withoutControls + "\n" }.joined() }
        try surroundings.console.print(text)
        return .fine
    }
}
