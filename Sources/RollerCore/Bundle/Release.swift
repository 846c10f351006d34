/// A class at the state that hosts name: a tag or a commit, and what is there.
public struct Release: Hashable, Sendable {
    /// The name by which hosts refer to it.
    public let reference: ReleaseReference
    /// The commit it points at.
    public let revision: Revision
    /// The class there.
    public let tree: HostclassTree

    /// A class at a commit.
    public init(_ reference: ReleaseReference, at revision: Revision, tree: HostclassTree) {
        self.reference = reference
        self.revision = revision
        self.tree = tree
    }
}

/// What came of looking for the release that a host names.
public enum ReleaseLookup: Sendable {
    /// It is there. The findings are of its own files, at that commit.
    case found(Release, findings: [Diagnostic])
    /// The commit is there, and its class cannot be read.
    case unreadable(revision: Revision, findings: [Diagnostic])
    /// No tag, or no commit, of that name. `near` lists releases of the class that there are.
    case missing(near: [String])
}
