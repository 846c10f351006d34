import ArgumentParser
import RollerCore
import SystemPackage

/// Reads an argument by a rule; one that breaks it is refused with the rule.
func validated<Text: ValidatedText>(_ text: String) throws -> Text {
    guard let valid = Text(text) else { throw ValidationError("use \(Text.rule)") }
    return valid
}

/// Where the repository is.
struct RepositoryOptions: ParsableArguments {
    @Option(
        name: [.customShort("C"), .customLong("repository")],
        help: ArgumentHelp(
            "Work on the repository that has this directory. (default: the current one)", valueName: "dir"))
    var directory: String?
}

/// How a config server is reached.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Trust the certificate authorities in this PEM file, and no others.", valueName: "file"))
    var caFile: String?
}
