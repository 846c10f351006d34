import RollerCore
import SystemPackage
import Transfer

/// The config servers of a host, asked one after the other until one answers.
struct ServerClient {
    private let http: HTTPClient
    private let servers: [String]
    private let report: Report

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
        var headers = [(name: "Accept", value: "application/json")]
        if let known { headers.append((name: "If-None-Match", value: "\"\(known.hex)\"")) }
        let (server, response) = try await get(path, headers: headers, accepting: [200, 304])
        let url = server + path
        let revision = response.headers["Roller-Revision"].flatMap(Revision.init(rawValue:))
        guard response.status == 200 else { return .unchanged(revision: revision) }
        let digest = Digest(of: response.body)
        if let said = response.headers["Roller-Bundle-Digest"].flatMap(Digest.init(rawValue:)), said != digest {
            throw .digestDiffers(what: "the bundle from \(url)", expected: said, found: digest)
        }
        do {
            return .bundle(try Bundle.read(response.body), digest: digest, revision: revision, from: server)
        } catch {
            throw .bundle(url: url, cause: error)
        }
    }

    /// The text of a package's manifest, verified against the digest that the lock has.
    func manifest(of package: Bundle.Package) async throws(RollError) -> (text: [UInt8], manifest: PackageManifest) {
        var limits = TransferLimits()
        limits.maxBodyBytes = Int64(manifestLimit)
        let (_, response) = try await get(path(package), headers: [], accepting: [200], limits: limits)
        let digest = Digest(of: response.body)
        guard digest == package.manifest else {
            throw .digestDiffers(what: "the manifest of '\(package.name)'", expected: package.manifest, found: digest)
        }
        do {
            let manifest = try PackageManifest.read(response.body)
            guard manifest.archive == package.archive else {
                throw RollError.digestDiffers(
                    what: "the archive that the manifest of '\(package.name)' names", expected: package.archive,
                    found: manifest.archive)
            }
            return (response.body, manifest)
        } catch let error as RollError {
            throw error
        } catch {
            throw .manifestDiffers(package: package.name, why: explain(error))
        }
    }

    /// Downloads a package's archive to `file`, going on from what is there, and verifies its digest before anyone else
    /// sees a byte of it.
    func archive(of package: Bundle.Package, to file: FilePath) async throws(RollError) {
        var failures: [String] = []
        for server in servers {
            let url = server + path(package) + "/archive"
            report.curl(url)
            do {
                let result = try await http.download(
                    HTTPRequest(url: url), to: file, expectedSize: package.size.bytes, resume: .ifRecordedETag)
                switch result {
                case .complete(let download):
                    guard let digest = Digest(bytes: download.sha256), digest == package.archive else {
                        let found = Digest(bytes: download.sha256) ?? Digest(of: [UInt8]())
                        throw RollError.digestDiffers(
                            what: "the archive of '\(package.name)' from \(url)", expected: package.archive,
                            found: found)
                    }
                    return
                case .declined(let response):
                    failures.append(described(url, response))
                }
            } catch let error as TransferError {
                if case .tooLarge = error {
                    throw .manifestDiffers(
                        package: package.name, why: "it has more than the \(package.size) that the lock has")
                }
                failures.append("\(url): \(error.message)")
            } catch let error as RollError {
                throw error
            } catch {
                throw .server(url: url, cause: error)
            }
        }
        throw .noServerAnswered(failures)
    }

    private func path(_ package: Bundle.Package) -> String {
        "/v1/packages/\(package.name)/\(package.version)/\(package.platform)"
    }

    /// Asks each server in turn for `path`, until one gives an answer that can be used.
    private func get(
        _ path: String, headers: [(name: String, value: String)], accepting: Set<Int>, limits: TransferLimits? = nil
    ) async throws(RollError) -> (server: String, response: HTTPResponse) {
        var failures: [String] = []
        for server in servers {
            let url = server + path
            report.curl(url, headers: headers)
            let response: HTTPResponse
            do {
                response = try await http.send(HTTPRequest(url: url, headers: headers, limits: limits))
            } catch {
                failures.append("\(url): \(error.message)")
                continue
            }
            if accepting.contains(response.status) { return (server, response) }
            // A server that is busy or behind may have a twin that is not. What one refuses, the others refuse too.
            guard response.isTransient else {
                let answer = ServerAnswer(response)
                throw .answer(url: url, status: response.status, said: answer.message, hint: answer.hint)
            }
            failures.append(described(url, response))
        }
        throw .noServerAnswered(failures)
    }

    private func described(_ url: String, _ response: HTTPResponse) -> String {
        "\(url) answered \(response.status): \(ServerAnswer(response).message)"
    }
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
