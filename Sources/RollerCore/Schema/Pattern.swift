/// A rule for text, as a regular expression that JavaScript, Python and Go read alike, and in words.
struct Pattern: Sendable {
    let expression: String
    /// To follow "use".
    let rule: String

    private init(_ expression: String, _ rule: String) {
        self.expression = "^(?:\(expression))$"
        self.rule = rule
    }

    private static let plain = "[a-z][a-z0-9-]{0,62}"
    private static let version = "[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"
    private static let label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    private static let account = "[a-z_][a-z0-9_-]{0,31}"

    static let hostclass = Pattern(plain, HostclassName.rule)
    static let datacenter = Pattern(plain, DatacenterName.rule)
    static let group = Pattern(plain, GroupName.rule)
    static let service = Pattern(plain, ServiceName.rule)
    static let package = Pattern("[a-z][a-z0-9+-]{0,62}", PackageName.rule)
    static let packageVersion = Pattern("[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}", PackageVersion.rule)
    static let platform = Pattern("[a-z][a-z0-9._-]{0,62}", Platform.rule)
    static let machine = Pattern("(?!any$)[a-z][a-z0-9._-]{0,62}", Platform.rule)
    static let host = Pattern("\(label)(?:\\.\(label))*", HostName.rule)
    static let release = Pattern("\(plain)@\(version)", ReleaseReference.rule)
    static let setting = Pattern("(?!roller$)[A-Za-z][A-Za-z0-9_-]{0,62}", SettingKey.rule)
    static let path = Pattern("[^/\\u0000]+(?:/[^/\\u0000]+)*", TreePath.rule)
    static let use = Pattern("[^/\\u0000]+(?:/[^/\\u0000]+)*", "a package of the class, or \(TreePath.rule)")
    static let mode = Pattern("0[0-7]{3}(?: \(account):\(account))?", ModeAndOwner.rule)
    static let timeSpan = Pattern("[0-9]+(?:ms|s|m|h|d)", TimeSpan.rule)
    static let digest = Pattern("sha256:[0-9a-f]{64}", Digest.rule)
    static let login = Pattern(account, LoginName.rule)
    static let share = Pattern("(?:[1-9][0-9]?|100)%|[1-9][0-9]*", "a number of hosts, as in 1, or a share, as in 10%")
    static let server = Pattern(
        "https?://[!-.0-~]+", "a scheme, a host and a port, as in https://config1.snc1.example.com:8443")
    static let http = Pattern("(?:https?://|\\{\\{).*", "an address in full, as in http://127.0.0.1:8080/healthz")
    static let tcp = Pattern(".*:.*", "host:port, as in 127.0.0.1:25")
    static let unit = Pattern(
        "[A-Za-z0-9][A-Za-z0-9:_.\\\\@-]*\\.(?:service|socket|timer|target|path)", "a unit, as in nginx.service")
    static let absolutePath = Pattern("/[!-~]+", "an absolute path, as in /bin/bash")
    static let fullName = Pattern("[^:,\\u0000-\\u001f\\u007f]*", "a name without colons and commas")
    static let sshKey = Pattern(
        "[a-z0-9@.-]+ [A-Za-z0-9+/]+=*(?: .*)?", "the line of a public key, as ssh-keygen writes it")
}
