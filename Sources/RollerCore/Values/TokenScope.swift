/// What a token allows its bearer to do on a config server. The words stand in the server's tokens file and in messages.
public enum TokenScope: String, Hashable, Sendable, CaseIterable {
    /// To add packages to the store.
    case publish
    /// To have the repository looked at now.
    case refresh
    /// To hand in what rolls did, for any host.
    case receipts
    /// To read what is a host's own with a certificate that is not that host's.
    case read

    /// All scopes, as messages list them: "publish, refresh".
    public static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
