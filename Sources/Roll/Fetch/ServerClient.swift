import LinuxSystem
import RollerCore
import SystemPackage
import Transfer

/// The config servers of a host, asked one after the other until one answers.
struct ServerClient {
    private let http: HTTPClient
    private let servers: [String]
    private let report: Report

    /// The bundle comes as JSON, and so does what a server says when it refuses.
    private static let headers = [(name: "Accept", value: "application/json")]

    /// - Parameter servers: Their addresses. Each host begins at another of them, by a hash of its name.
    init(_ servers: [String], host: HostName, caFile: FilePath?, report: Report) throws(RollError) {
        let start = servers.isEmpty ? 0 : Int(stableHash(host.rawValue) % UInt64(servers.count))
        self.servers = Array(servers[start...] + servers[..<start])
        self.report = report
        do {
            http = try HTTPClient(options: TransferOptions(caFile: caFile, userAgent: "roll/\(RollerVersion.text)"))
        } catch {
            throw .server(url: servers.first ?? "", cause: error)
        }
    }

    /// What came of asking for a bundle.
    enum BundleAnswer {
        /// The one that the host has is still right.
        case unchanged(revision: Revision?)
        /// Another one, from this server.
        case bundle(Bundle, digest: Digest, revision: Revision?, from: String)
    }

    /// Asks for the host's bundle, unless it still has the digest given.
    func bundle(of host: HostName, unless known: Digest?) async throws(RollError) -> BundleAnswer {
        let path = "/v1/hosts/\(host)/bundle"
        var headers = Self.headers
        if let known { headers.append((name: "If-None-Match", value: "\"\(known.hex)\"")) }
        // Only to a question with a condition is 304 an answer.
        let accepted: Set<Int> = known == nil ? [200] : [200, 304]
        return try await get(path, headers: headers, accepting: accepted) { server, response throws(RollError) in
            let revision = response.headers["Roller-Revision"].flatMap(Revision.init(rawValue:))
            guard response.status == 200 else { return .unchanged(revision: revision) }
            let digest = Digest(of: response.body)
            if let said = response.headers["Roller-Bundle-Digest"].flatMap(Digest.init(rawValue:)), said != digest {
                throw .bundleDiffers(url: server + path, said: said, found: digest)
            }
            do {
                return .bundle(try Bundle.read(response.body), digest: digest, revision: revision, from: server)
            } catch {
                throw .bundle(url: server + path, cause: error)
            }
        }
    }

    /// The text of a package's manifest, verified against the digest that the lock has.
    func manifest(of package: Bundle.Package) async throws(RollError) -> (text: [UInt8], manifest: PackageManifest) {
        var limits = TransferLimits()
        limits.maxBodyBytes = Int64(manifestLimit)
        let path = path(package)
        return try await get(
            path, headers: Self.headers, accepting: [200], limits: limits,
            oversized: { .manifestDiffers(package: package.name, why: $0) }
        ) { server, response throws(RollError) in
            let digest = Digest(of: response.body)
            guard digest == package.manifest else {
                throw .digestDiffers(
                    what: "the manifest of '\(package.name)' from \(server + path)", expected: package.manifest,
                    found: digest)
            }
            let manifest: PackageManifest
            do {
                manifest = try PackageManifest.read(response.body)
            } catch {
                throw .manifestDiffers(package: package.name, why: explain(error))
            }
            guard manifest.archive == package.archive else {
                throw .digestDiffers(
                    what: "the archive that the manifest of '\(package.name)' names", expected: package.archive,
                    found: manifest.archive)
            }
            return (response.body, manifest)
        }
    }

    /// Downloads a package's archive to `file`, going on from what is there, and verifies its digest before anyone else
    /// sees a byte of it. Bytes that are not those of the lock go, and the next server is asked.
    func archive(of package: Bundle.Package, to file: FilePath) async throws(RollError) {
        var failures = Failures()
        for server in servers {
            let url = server + path(package) + "/archive"
            // What an earlier try left may be to blame, and not this server: then it is asked once more, for all of it.
            for resumption in [Resumption.ifRecordedETag, .startOver] {
                report.curl(url, headers: Self.headers)
                do {
                    let result = try await http.download(
                        HTTPRequest(url: url, headers: Self.headers), to: file, expectedSize: package.size.bytes,
                        resume: resumption)
                    guard case .complete(let download) = result else {
                        if case .declined(let response) = result { failures.add(url, response) }
                        break
                    }
                    let found = Digest(bytes: download.sha256)
                    if found == package.archive { return }
                    forget(file)
                    guard download.resumedFrom == 0 else { continue }
                    failures.add(
                        .digestDiffers(
                            what: "the archive of '\(package.name)' from \(url)", expected: package.archive,
                            found: found ?? Digest(of: [UInt8]())))
                } catch {
                    try failures.add(url, error) {
                        .manifestDiffers(
                            package: package.name, why: "the lock has \(package.size), and of \(url) \($0)")
                    }
                }
                break
            }
        }
        throw failures.error
    }

    /// Removes what was downloaded. What cannot be removed fails the next try as well, and that is told.
    private func forget(_ file: FilePath) {
        for path in [file, FilePath(file.string + ".etag")] {
            guard let name = path.lastComponent?.string else { continue }
            try? Directory.open(path.removingLastComponent(), followingLinks: true).remove(name)
        }
    }

    private func path(_ package: Bundle.Package) -> String {
        "/v1/packages/\(package.name)/\(package.version)/\(package.platform)"
    }

    /// Asks each server in turn for `path`, until one gives an answer that can be used.
    /// - Parameter read: What the answer says; when it cannot be used, another server may have a better one.
    private func get<Result>(
        _ path: String, headers: [(name: String, value: String)], accepting: Set<Int>, limits: TransferLimits? = nil,
        oversized: ((String) -> RollError)? = nil,
        _ read: (_ server: String, HTTPResponse) throws(RollError) -> Result
    ) async throws(RollError) -> Result {
        var failures = Failures()
        for server in servers {
            let url = server + path
            report.curl(url, headers: headers)
            let response: HTTPResponse
            do {
                response = try await http.send(HTTPRequest(url: url, headers: headers, limits: limits))
            } catch {
                try failures.add(url, error) { oversized?($0) ?? .answerTooLarge(url: url, why: $0) }
                continue
            }
            guard accepting.contains(response.status) else {
                failures.add(url, response)
                continue
            }
            do throws(RollError) {
                return try read(server, response)
            } catch {
                failures.add(error)
            }
        }
        throw failures.error
    }
}

/// What servers said that could not be used, one after the other.
private struct Failures {
    private var said: [String] = []
    private var hint: String?
    /// Bytes that are not those they should be outrank every other failure.
    private var wrong: RollError?

    /// One answered that it has no answer.
    mutating func add(_ url: String, _ response: HTTPResponse) {
        let answer = ServerAnswer(response)
        said.append("\(url) answered \(response.status): \(answer.message)")
        if hint == nil { hint = answer.hint }
    }

    /// What one answered cannot be used.
    mutating func add(_ error: RollError) {
        if error.exit == .verification, wrong == nil { wrong = error }
        said.append(explain(error))
        if hint == nil { hint = error.hint }
    }

    /// There was no answer.
    /// - Parameter oversized: What it means that there were more bytes, or were to be others in number.
    /// - Throws: What no other server can mend.
    mutating func add(_ url: String, _ error: TransferError, oversized: (String) -> RollError) throws(RollError) {
        guard error.isWorthAnotherServer else { throw .server(url: url, cause: error) }
        switch error {
        case .tooLarge(.body, _), .wrongSize: add(oversized(error.message))
        default: said.append("\(url): \(error.message)")
        }
    }

    /// How it ends when all were asked.
    var error: RollError { wrong ?? .noServerAnswered(said, hint: hint) }
}

/// What a server says of a question it cannot answer: `{kind, value, message, hint}`, or its first line.
private struct ServerAnswer: Decodable {
    let message: String
    let hint: String?

    init(_ response: HTTPResponse) {
        if let answer = try? readJSON(response.body, as: ServerAnswer.self) {  // not every server is ours
            self = answer
        } else {
            let text = String(decoding: response.body.prefix(200), as: UTF8.self)
            message = text.split(separator: "\n").first.map(String.init) ?? "nothing more"
            hint = nil
        }
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version, unlike the hash of Swift's collections.
func stableHash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
