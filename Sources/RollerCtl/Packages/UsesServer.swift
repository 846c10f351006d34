import OrderedCollections
import RollerCore
import Transfer

/// A config server, as one who asks what uses a package sees it.
struct UsesServer: Sendable {
    private let base: String
    private let client: HTTPClient

    init(_ url: String, _ options: ServerOptions, in surroundings: Surroundings) throws {
        base = url.trimmingEndSlashes
        var transfer = TransferOptions(userAgent: "rollerctl/\(RollerCtl.version)")
        transfer.limits.total = .seconds(30)
        transfer.caFile = options.caFile.map(surroundings.resolve)
        client = try HTTPClient(options: transfer)
    }

    /// Who uses one version of a package, at the head of the branch.
    func uses(of id: PackageID) async throws -> PackageUses {
        let url = "\(base)/v1/uses?package=\(id.name)&version=\(id.version.inQuery)&limit=1000"
        let response: HTTPResponse
        do throws(TransferError) {
            response = try await client.send(HTTPRequest(url: url, headers: [("Accept", "application/json")]))
        } catch {
            throw ServerError.unreachable(url, cause: error)
        }
        if response.status == 404 { return PackageUses(places: [], count: 0, hosts: []) }  // a version nobody names
        guard response.status == 200 else { throw ServerError.refused("get", url, response) }
        do {
            return try readJSON(response.body, as: PackageUses.self)
        } catch {
            throw UnreadableUses(url: url, why: describeDecoding(error))
        }
    }
}

/// Who uses a package, as `/v1/uses` tells.
struct PackageUses: Decodable, Hashable {
    /// A place in the repository that names it.
    struct Place: Decodable, Hashable {
        let file: String
        let line: Int?
        let release: String?
    }

    let places: [Place]
    /// How many hosts get it.
    let count: Int
    /// Their names, the first thousand of them.
    let hosts: [String]

    var value: Value {
        let named = places.map { place in
            (place.release.map { "\($0) " } ?? "") + place.file + (place.line.map { ":\($0)" } ?? "")
        }
        return .map([
            "places": .list(named.map { .string($0) }), "count": .int(count),
            "hosts": .list(hosts.map { .string($0) }),
        ])
    }
}

private struct UnreadableUses: RollerError {
    let url: String
    let why: String

    var message: String { "cannot read what \(url) answered: \(why)" }
    var hint: String? { "is that the address of a config server?" }
}

extension PackageVersion {
    /// As a query may hold it (RFC 3986, section 3.4); `+` stands for a blank in forms.
    fileprivate var inQuery: String {
        rawValue.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
    }
}

extension String {
    fileprivate var trimmingEndSlashes: String {
        var rest = self[...]
        while rest.utf8.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        return String(rest)
    }
}
