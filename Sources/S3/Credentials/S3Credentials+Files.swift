internal import LinuxSystem
internal import SystemPackage

extension S3Credentials {
    init(environment: [String: String]) throws(CredentialError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = variable("AWS_ACCESS_KEY_ID") else { throw .missingVariable("AWS_ACCESS_KEY_ID") }
        guard let secret = variable("AWS_SECRET_ACCESS_KEY") else { throw .missingVariable("AWS_SECRET_ACCESS_KEY") }
        self.init(
            accessKeyID: id, secretAccessKey: S3Secret(secret),
            sessionToken: variable("AWS_SESSION_TOKEN").map { S3Secret($0) })
    }

    /// Reads a profile of a shared credentials file.
    init(file path: FilePath, profile: String) throws(CredentialError) {
        let text = try Self.read(path)
        var section: String?
        var settings: [String: String]?
        // By bytes: a line end of two characters is one to a string.
        for (number, line) in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            let line = Substring(line).trimmed
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast().trimmed)
                if section == profile { settings = settings ?? [:] }
                continue
            }
            guard let mark = line.firstIndex(of: "="), section != nil else {
                throw .malformedFile(path, line: number + 1)
            }
            guard section == profile else { continue }
            settings?[line[..<mark].trimmed.lowercased()] = String(line[line.index(after: mark)...].trimmed)
        }
        guard let settings else { throw .noProfile(profile, path) }
        func setting(_ name: String) throws(CredentialError) -> String {
            guard let value = settings[name], !value.isEmpty else {
                throw .missingSetting(name, profile: profile, path)
            }
            return value
        }
        self.init(
            accessKeyID: try setting("aws_access_key_id"),
            secretAccessKey: S3Secret(try setting("aws_secret_access_key")),
            sessionToken: settings["aws_session_token"].flatMap { $0.isEmpty ? nil : S3Secret($0) })
    }

    /// The mode is looked at on the open file, so that it is the one that is read.
    private static func read(_ path: FilePath) throws(CredentialError) -> String {
        do {
            let folder = path.removingLastComponent()
            let directory = try Directory.open(folder.isEmpty ? "." : folder, followingLinks: true)
            let file = try directory.openFile(path.lastComponent?.string ?? "", for: .reading)
            let mode = try file.status().permissions
            guard mode & 0o077 == 0 else { throw CredentialError.exposedFile(path, mode: mode) }
            guard let text = String(validating: try file.readToEnd(limit: 1 << 20), as: UTF8.self) else {
                throw CredentialError.unreadableFile(path, reason: "it is not UTF-8")
            }
            return text
        } catch let error as CredentialError {
            throw error
        } catch {
            throw .unreadableFile(path, reason: "\(error)")
        }
    }
}

extension StringProtocol {
    /// Without spaces, tabs and carriage returns around it.
    fileprivate var trimmed: SubSequence {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        var rest = self[...].drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return rest
    }
}
