import ArgumentParser
import OrderedCollections
import RollerCore

/// Compares two versions of a package.
struct PackageDiff: CtlCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compares what two archives or manifests hold.",
        discussion:
            "With --server, OLD and NEW are published packages, as NAME/VERSION/PLATFORM. Exits 1 if they differ.")

    @OptionGroup var connection: ServerOptions
    @Argument(help: "The one before.")
    var old: String
    @Argument(help: "The one after.")
    var new: String
    @Option(help: ArgumentHelp("The config server that has both.", valueName: "url"))
    var server: String?
    @Option(help: "How it is shown.")
    var format: ListFormat = .text

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let changes = ManifestChanges(
            from: try await contents(old, in: surroundings).entries,
            to: try await contents(new, in: surroundings).entries)
        switch format {
        case .json: try surroundings.console.print(changes.value.prettyJSON)
        case .text:
            try surroundings.console.print(changes.text)
            let words = [
                (changes.added.count, "added"), (changes.removed.count, "removed"), (changes.changed.count, "changed"),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            let sign = changes.growth < 0 ? "-" : "+"
            surroundings.console.note(
                changes.isEmpty
                    ? "both hold the same"
                    : "\(words.joined(separator: ", ")); \(sign)\(ByteCount(abs(changes.growth))) unpacked")
        }
        return changes.isEmpty ? .fine : .found
    }

    private func contents(_ text: String, in surroundings: Surroundings) async throws -> PackageContents {
        guard let server else { return try await PackageContents.read(surroundings.resolve(text)) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let name = PackageName(parts[0]), let version = PackageVersion(parts[1]),
            let platform = Platform(parts[2])
        else { throw ValidationError("'\(text)' is no NAME/VERSION/PLATFORM") }
        let id = PackageID(name: name, version: version, platform: platform)
        let source = ManifestSource.server(try PackageServer(server, connection, token: nil, in: surroundings))
        guard let file = try await source.manifest(of: id) else {
            throw LockError.missing([id], source: "\(source)")
        }
        return PackageContents(file.manifest)
    }
}

extension ManifestChanges {
    /// A line a path: `+` and `-` with the manifest's own line but for the digest, `~` with what differs.
    fileprivate var text: String {
        var lines: [(TreePath, String)] = added.map { ($0.path, "+ \($0.inWords)") }
        lines += removed.map { ($0.path, "- \($0.inWords)") }
        lines += changed.map { ($0.new.path, "~ \($0.inWords)") }
        return lines.sorted { $0.0 < $1.0 }.map { $0.1.withoutControls + "\n" }.joined()
    }

    fileprivate var value: Value {
        let list = { (entries: [PackageManifest.Entry]) in Value.list(entries.map { .string($0.line) }) }
        return .map([
            "added": list(added), "removed": list(removed),
            "changed": .list(
                changed.map { change in
                    .map([
                        "path": .string(change.new.path.rawValue), "old": .string(change.old.line),
                        "new": .string(change.new.line), "what": .list(change.what.map { .string("\($0)") }),
                    ])
                }), "growth": .int(Int(growth)),
        ])
    }
}

extension ManifestChanges.Change {
    fileprivate var inWords: String {
        let parts = what.map { reason -> String in
            switch reason {
            case .mode: "mode \(old.octal) -> \(new.octal)"
            case .size: "\(old.fileSize.bytes) -> \(new.fileSize.bytes) bytes"
            case .contents: what.contains(.size) ? "" : "contents, \(new.fileSize) as before"
            case .target, .kind: "was \(old.inWords)"
            case .attributes: "attributes \(old.attributeWords) -> \(new.attributeWords)"
            case .extra, .missing: ""
            }
        }
        return "\(new.inWords)  (\(parts.filter { !$0.isEmpty }.joined(separator: ", ")))"
    }
}

extension PackageManifest.Entry {
    fileprivate var octal: String {
        let digits = String(permissions ?? 0, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    fileprivate var fileSize: ByteCount {
        if case .file(_, let size, _) = kind { size } else { ByteCount(0) }
    }

    fileprivate var attributeWords: String {
        let names = attributes.keys.sorted().map { $0.isCapabilities ? (capabilities.map { "\($0)" } ?? "") : "\($0)" }
        return names.isEmpty ? "none" : names.joined(separator: " ")
    }

    fileprivate var inWords: String {
        switch kind {
        case .file: "f \(octal) \(path) \(fileSize)"
        case .directory: "d \(octal) \(path)"
        case .symlink(let target): "l \(path) -> \(target)"
        case .hardLink(let target): "h \(path) -> \(target)"
        }
    }
}
