import RollerCore
import Transfer

/// A config server, as one who asks how the hosts are doing sees it.
struct FleetServer: Sendable {
    /// Which hosts, and how many of them are to be listed.
    struct Question: Sendable {
        var hostclass: HostclassName?
        var datacenter: DatacenterName?
        var release: ReleaseReference?
        var buckets: Set<FleetBucket> = Set(FleetBucket.allCases)
        var limit = 20

        fileprivate var query: String {
            // The characters of names need no percent-encoding in a query (RFC 3986, section 3.4), `+` as it is here.
            let names: [(String, String?)] = [
                ("hostclass", hostclass?.rawValue), ("datacenter", datacenter?.rawValue),
                ("release", release?.rawValue),
                ("bucket", FleetBucket.allCases.filter(buckets.contains).map(\.rawValue).joined(separator: ",")),
                ("limit", "\(limit)"),
            ]
            return names.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: "&")
        }
    }

    private let base: String
    private let client: HTTPClient

    init(_ url: String, _ options: ServerOptions, in surroundings: Surroundings) throws {
        var base = url[...]
        while base.utf8.last == UInt8(ascii: "/") { base = base.dropLast() }
        self.base = String(base)
        var transfer = TransferOptions(userAgent: "rollerctl/\(RollerCtl.version)")
        transfer.limits.total = .seconds(30)
        transfer.caFile = options.caFile.map(surroundings.resolve)
        client = try HTTPClient(options: transfer)
    }

    /// How those hosts are doing.
    func report(_ question: Question) async throws -> FleetOverview {
        let url = "\(base)/v1/fleet?\(question.query)"
        let response: HTTPResponse
        do throws(TransferError) {
            response = try await client.send(HTTPRequest(url: url, headers: [("Accept", "application/json")]))
        } catch {
            throw ServerError.unreachable(url, cause: error)
        }
        guard response.status == 200 else { throw ServerError.refused("get", url, response) }
        do {
            return try readJSON(response.body, as: FleetOverview.self)
        } catch {
            throw UnreadableFleet(url: url, why: describeDecoding(error))
        }
    }
}

extension ServerError {
    /// Whether the same question may be answered in a moment, as when a server starts again.
    var isPassing: Bool {
        switch self {
        case .unreachable(_, let cause): cause.isTransient
        case .refused(_, _, let response): response.isTransient
        case .noToken, .badToken, .plainToken, .otherBytes: false
        }
    }
}

private struct UnreadableFleet: RollerError {
    let url: String
    let why: String
    var message: String { "cannot read what \(url) says: \(why)" }
    var hint: String? { "is that the address of a config server of this version?" }
}

extension Console {
    /// A bucket's colour, where standard output takes one.
    var fleetPaint: @Sendable (String, FleetBucket) -> String {
        { text, bucket in
            switch bucket {
            case .inconsistent, .failed, .rolledBack: paint(text, .red, on: .output)
            case .silent, .behind: paint(text, .yellow, on: .output)
            case .held, .unknown: paint(text, .cyan, on: .output)
            case .converged: text
            }
        }
    }
}
