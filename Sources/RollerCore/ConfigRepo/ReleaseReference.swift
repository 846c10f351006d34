internal import YAMLDocument

/// A class at a state of it: `web@2026.11.22-1`, a git tag, or `web@` and a full commit, for trying things out.
public struct ReleaseReference: ValidatedText {
    public static let rule = "CLASS@RELEASE, as in web@2026.11.22-1, or CLASS@ and a full commit of 40 digits"
    /// The class.
    public let hostclass: HostclassName
    /// The state of the class.
    public let state: State

    /// What a reference can point at.
    public enum State: Hashable, Sendable {
        /// The release of that version: the git tag of the reference's whole text.
        case release(ReleaseVersion)
        /// One commit, whether released or not.
        case commit(Revision)
    }

    /// As it is written in a host's file.
    public var rawValue: String {
        switch state {
        case .release(let version): "\(hostclass)@\(version)"
        case .commit(let revision): "\(hostclass)@\(revision)"
        }
    }

    /// A release of a class.
    public init(_ hostclass: HostclassName, release: ReleaseVersion) {
        self.hostclass = hostclass
        state = .release(release)
    }

    public init?(rawValue: String) {
        guard let at = rawValue.firstIndex(of: "@"), let hostclass = HostclassName(String(rawValue[..<at])) else {
            return nil
        }
        let text = String(rawValue[rawValue.index(after: at)...])
        self.hostclass = hostclass
        if let revision = Revision(text) {
            state = .commit(revision)
        } else if let version = ReleaseVersion(text) {
            state = .release(version)
        } else {
            return nil
        }
    }
}

extension FileReader {
    /// A class and its release, as a host names them.
    mutating func releaseReference(_ node: YAMLNode) -> ReleaseReference? {
        guard let text = string(node, of: "the hostclass") else { return nil }
        if let reference = ReleaseReference(text) { return reference }
        let hint =
            HostclassName(text) == nil
            ? "use \(ReleaseReference.rule)"
            : "name the release too, as in \(text)@2026.11.22-1; `git tag -l '\(text)@*'` lists them"
        add(.badValue, at: node.range, "'\(text)' names no release of a hostclass", hint: hint)
        return nil
    }
}
