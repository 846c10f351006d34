internal import LinuxSystem
internal import RollerCore
internal import SystemPackage
internal import YAMLDocument

/// The server's configuration file: YAML with the names of the flags, `--log-level debug` as `log-level: debug`. A flag
/// that is given outranks it.
enum ConfigFile {
    /// What a key holds.
    enum Kind {
        case text, number, choice
    }

    /// The keys there are: all flags but those that say what to do this once.
    static let keys: [(name: String, kind: Kind)] = [
        ("repository", .text), ("branch", .text), ("store", .text), ("listen", .text), ("port-file", .text),
        ("tokens", .text), ("poll", .text), ("max-archive", .number), ("allow-plaintext", .choice),
        ("receipts", .text), ("allow-local-receipts", .choice), ("silent-after", .text), ("upstream", .text),
        ("fetch-limit", .text), ("webhook-secret", .text), ("log-level", .text), ("log-format", .text),
        ("access-log", .choice), ("bucket", .text), ("datacenter", .text), ("bucket-endpoint", .text),
        ("bucket-region", .text), ("bucket-addressing", .text), ("bucket-credentials", .text), ("bucket-ca", .text),
        ("bucket-poll", .text), ("prefetch", .text), ("accept-unconditional-bucket", .choice),
        ("tls-certificate", .text), ("tls-key", .text), ("client-ca", .text), ("client-certificates", .text),
        ("rate", .number), ("burst", .number), ("connections-per-address", .number), ("concurrent-requests", .number),
        ("limit-loopback", .choice), ("idle-timeout", .text), ("head-timeout", .text), ("stall-timeout", .text),
        ("request-timeout", .text),
    ]

    /// Puts what the file that `--config` names says before the flags, which so outrank it.
    static func expand(_ arguments: [String]) throws(ConfigFileError) -> [String] {
        var path: String?
        var rest: [String] = []
        var index = arguments.startIndex
        while index < arguments.endIndex {
            let argument = arguments[index]
            if argument == "--" { break }
            if argument == "--config", index + 1 < arguments.endIndex {
                guard path == nil else { throw .twice }
                path = arguments[index + 1]
                index += 1
            } else if argument.hasPrefix("--config=") {
                guard path == nil else { throw .twice }
                path = String(argument.dropFirst("--config=".count))
            } else {
                rest.append(argument)
            }
            index += 1
        }
        guard let path else { return arguments }
        return try flags(in: read(FilePath(path)), of: path) + rest + arguments[index...]
    }

    /// The flags that a file stands for.
    static func flags(in bytes: [UInt8], of path: String) throws(ConfigFileError) -> [String] {
        let parse = YAMLDocument.parse(bytes)
        var findings = parse.problems.map { Finding($0.range.start, $0.message, $0.hint) }
        guard let root = parse.root else {
            // An empty file says nothing, and nothing is wrong with that.
            guard findings.isEmpty else { throw .findings(path, findings) }
            return []
        }
        guard let entries = root.mapping else {
            throw .findings(path, [Finding(root.range.start, "the file is no mapping of names to values", nil)])
        }
        var flags: [String] = []
        for entry in entries {
            guard let (name, kind) = keys.first(where: { $0.name == entry.key.text }) else {
                let unknown = UnknownName("key", entry.key.text, among: keys.map(\.name))
                findings.append(Finding(entry.key.range.start, "there is no key '\(entry.key.text)'", unknown.hint))
                continue
            }
            guard let text = entry.value.text, !text.isEmpty else {
                findings.append(
                    Finding(entry.value.range.start, "'\(name)' needs a value", "leave it out for its default"))
                continue
            }
            switch (kind, text) {
            case (.choice, "true"): flags.append("--\(name)")
            case (.choice, "false"): break
            case (.choice, _):
                findings.append(Finding(entry.value.range.start, "'\(name)' is true or false, not '\(text)'", nil))
            case (.number, _) where Int64(text) == nil:
                findings.append(Finding(entry.value.range.start, "'\(name)' is a whole number, not '\(text)'", nil))
            case (.number, _), (.text, _): flags.append("--\(name)=\(text)")
            }
        }
        guard findings.isEmpty else { throw .findings(path, findings) }
        return flags
    }

    private static func read(_ path: FilePath) throws(ConfigFileError) -> [UInt8] {
        do throws(FileError) {
            let folder = path.removingLastComponent()
            return try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
                .readFile(path.lastComponent?.string ?? "", limit: 1 << 20)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Something wrong with a file, and where.
    struct Finding: Hashable, Sendable {
        let position: YAMLPosition
        let message: String
        let hint: String?

        init(_ position: YAMLPosition, _ message: String, _ hint: String?) {
            self.position = position
            self.message = message
            self.hint = hint
        }
    }
}

/// Why a configuration file cannot be used.
enum ConfigFileError: RollerError, Hashable {
    case unreadable(FileError)
    case twice
    case findings(String, [ConfigFile.Finding])

    var message: String {
        switch self {
        case .unreadable(let error): "cannot read the configuration: \(error.message)"
        case .twice: "--config is there twice"
        case .findings(let path, let findings):
            findings.map { finding in
                "\(path):\(finding.position.line):\(finding.position.column): \(finding.message)"
                    + (finding.hint.map { "; \($0)" } ?? "")
            }.joined(separator: "\n")
        }
    }
}
