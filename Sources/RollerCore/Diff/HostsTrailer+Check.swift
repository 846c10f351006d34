extension HostsTrailer {
    /// What is wrong with a commit's word for how many hosts it touches; nil where nothing is.
    /// - Parameters:
    ///   - hosts: How many hosts get another bundle by it.
    ///   - limit: How many may without a word: the lesser of the limits before and after the commit, so that none can
    ///     lift the limit that it breaks.
    ///   - commit: The commit, abbreviated.
    public func finding(hosts: Int, limit: Int, commit: String) -> Diagnostic? {
        let message: String
        let line = "\(HostsTrailer.key): \(hosts)"
        var hint = "end the message with the line `\(line)`, as in `git commit --amend --trailer '\(line)'`"
        switch self {
        case .says(hosts): return nil
        case .missing where hosts <= limit: return nil
        case .missing:
            message =
                "the commit touches \(hosts) hosts, more than the \(limit) that roller.yml allows without a word, and its message does not say so"
        case .says(let number):
            message = "the commit touches \(hosts) hosts, and its message says \(number)"
            hint = "write `\(line)`, once the number is what was meant"
        case .unreadable(let text):
            message = "the commit touches \(hosts) hosts, and its message says '\(text)'"
            hint = "write `\(line)`, once"
        }
        return Diagnostic(.hostsTrailer, at: SourceLocation(file: "commit \(commit)"), message, hint: hint)
    }
}
