public import SystemPackage
public import Transfer

/// Why there are no credentials.
public enum CredentialError: Error, Sendable, Hashable {
    /// A variable of the environment is missing.
    case missingVariable(String)
    /// The file cannot be read.
    case unreadableFile(FilePath, reason: String)
    /// Others than the owner can read or change the file.
    case exposedFile(FilePath, mode: UInt16)
    /// The file has no such profile.
    case noProfile(String, FilePath)
    /// A profile lacks a setting.
    case missingSetting(String, profile: String, FilePath)
    /// A line of the file is none.
    case malformedFile(FilePath, line: Int)
    /// The instance metadata service gave no answer.
    case metadata(TransferError)
    /// The instance metadata service refused, or had nothing.
    case metadataStatus(Int, path: String)
    /// The instance metadata service said something that cannot be understood.
    case malformedMetadata(path: String)

    /// Whether it may be otherwise at another moment.
    public var isTransient: Bool {
        switch self {
        case .metadata(let error): error.isTransient
        case .metadataStatus(let status, _): status >= 500 || status == 429
        case .missingVariable, .unreadableFile, .exposedFile, .noProfile, .missingSetting, .malformedFile,
            .malformedMetadata:
            false
        }
    }

    /// What went wrong, in words.
    public var message: String {
        switch self {
        case .missingVariable(let name): "\(name) is not set in the environment"
        case .unreadableFile(let path, let reason): "cannot read \(path): \(reason)"
        case .exposedFile(let path, let mode):
            "\(path) has mode \(String(mode, radix: 8)): others can read or change it"
        case .noProfile(let name, let path): "\(path) has no profile '\(name)'"
        case .missingSetting(let name, let profile, let path): "profile '\(profile)' in \(path) has no \(name)"
        case .malformedFile(let path, let line): "\(path):\(line): neither [profile], name = value, nor comment"
        case .metadata(let error): "the instance metadata service does not answer: \(error.message)"
        case .metadataStatus(let status, let path): "the instance metadata service says \(status) to \(path)"
        case .malformedMetadata(let path): "the instance metadata service's answer to \(path) cannot be read"
        }
    }

    /// What one can do about it.
    public var hint: String? {
        switch self {
        case .missingVariable: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .exposedFile(let path, _): "chmod 600 \(path)"
        case .metadataStatus(404, _): "attach a role to this instance"
        case .metadata: "check that this machine is an instance whose metadata service is on"
        case .unreadableFile, .noProfile, .missingSetting, .malformedFile, .metadataStatus, .malformedMetadata: nil
        }
    }
}

extension CredentialError: CustomStringConvertible {
    /// The same as `message`.
    public var description: String { message }
}
