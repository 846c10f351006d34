import ArgumentParser
import OrderedCollections
import RollerCore

/// Describes the repository's files to editors.
struct SchemaCommand: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints a JSON Schema for a kind of file, for editors.",
        discussion: "Without a kind: the kinds, and which files are of each.")

    @Argument(help: "The kind: \(words.joined(separator: ", ")).", completion: .list(words), transform: kind)
    var kind: RepoFileKind?
    @Option(help: "Without a kind: how the list is shown. As json it has every schema.")
    var format: ListFormat = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        if let kind {
            try surroundings.console.print(JSONSchema.schema(of: kind).prettyJSON)
            return .fine
        }
        switch format {
        case .text:
            let rows = RepoFileKind.allCases.map { [$0.rawValue, $0.glob] }
            try surroundings.console.print(columns(rows, indent: ""))
        case .json:
            let kinds = RepoFileKind.allCases.map {
                Value.map([
                    "kind": .string($0.rawValue), "files": .string($0.glob), "schema": JSONSchema.schema(of: $0),
                ])
            }
            try surroundings.console.print(Value.map(["kinds": .list(kinds)]).prettyJSON)
        }
        return .fine
    }

    private static let words = RepoFileKind.allCases.map(\.rawValue)

    private static func kind(_ text: String) throws -> RepoFileKind {
        guard let kind = RepoFileKind(rawValue: text) else {
            throw ValidationError("'\(text)' is no kind of file; the kinds are \(words.joined(separator: ", "))")
        }
        return kind
    }
}
