/// Whom a host asks from now on. A bundle takes no host that asks by TLS away from it: whoever can forge one answer in
/// plain text could forge all that follow.
/// - Parameters:
///   - offered: The servers that a bundle names.
///   - asking: Those that the host asks now.
func serversToAsk(_ offered: [String], asking: [String]) -> (kept: [String], refused: [String]) {
    let secure = asking.filter(usesTLS)
    guard !secure.isEmpty else { return (offered, []) }
    // One in plain text that somebody told this host to ask, it goes on asking.
    let kept = offered.filter { usesTLS($0) || asking.contains($0) }
    let refused = offered.filter { !kept.contains($0) }
    return (kept.contains(where: usesTLS) ? kept : secure + kept, refused)
}

private func usesTLS(_ server: String) -> Bool { server.lowercased().hasPrefix("https://") }
