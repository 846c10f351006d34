import SystemPackage

extension ApplyOrder {
    /// Reads the command lines of timers: `roll` alone, or with `--quiet`, `--json` and `--prefix DIR`. Nil for all else,
    /// mistakes included, which the parser reads, and explains.
    ///
    /// Most rolls are asked for in these words and find nothing to do. The parser looks at every option of the commands by
    /// reflection, which takes longer than asking the server. A test holds both readings against each other.
    init?(plain arguments: [String]) {
        var flags: Set<String> = []
        var prefix = PrefixOptions.usual
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard flags.insert(word).inserted else { return nil }
            switch word {
            case "--quiet", "--json": break
            case "--prefix":
                guard let directory = rest.popFirst(), directory.hasPrefix("/") else { return nil }
                prefix = directory
            default: return nil
            }
        }
        self.init(
            request: Apply.Request(prefix: FilePath(prefix).lexicallyNormalized(), servers: []),
            report: Report(isQuiet: flags.contains("--quiet"), isVerbose: false),
            sending: ReceiptSender.Settings(
                tokenFile: FilePath(ReportingOptions.usualTokenFile), needsTokenFile: false),
            printsJSON: flags.contains("--json"))
    }
}
