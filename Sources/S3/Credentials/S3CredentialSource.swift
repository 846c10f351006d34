public import SystemPackage

/// Where credentials come from. Exactly what is configured is asked; nothing is tried in turn.
public enum S3CredentialSource: Sendable {
    /// These.
    case fixed(S3Credentials)
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if set, `AWS_SESSION_TOKEN` of this environment.
    case environment([String: String])
    /// A profile of a file in the format of `~/.aws/credentials`, which must be closed to others. Read again when the
    /// service says that a token is over.
    case file(FilePath, profile: String = "default")
    /// The role of this instance, asked from its metadata service (IMDSv2) at `endpoint`, and again before it ends.
    case instanceMetadata(endpoint: String = "http://169.254.169.254")
}
