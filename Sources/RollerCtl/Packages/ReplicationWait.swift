import ArgumentParser
import RollerCore
import Transfer

/// Which datacenters a package is waited for in.
enum WaitedDatacenters: Sendable {
    /// Those of every server that shares packages with the one that is asked.
    case all
    case some([DatacenterName])

    init?(_ text: String) {
        if text == "all" {
            self = .all
            return
        }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { DatacenterName(String($0)) }
        guard !names.isEmpty, !names.contains(nil) else { return nil }
        self = .some(names.compactMap { $0 })
    }

    /// Reads an argument.
    static func argument(_ text: String) throws -> WaitedDatacenters {
        guard let datacenters = WaitedDatacenters(text) else {
            throw ValidationError("use all, or names of datacenters with commas between them")
        }
        return datacenters
    }
}

/// How a package stands in one datacenter, as a server tells it.
struct PackageArrival: Decodable, Hashable, Sendable {
    /// Since when it is there; nil where it is waited for.
    let since: String?
    /// How long it took, from its announcement on.
    let milliseconds: Int?
    /// What it waits for.
    let waitsFor: String?

    private enum CodingKeys: String, CodingKey {
        case since, milliseconds
        case waitsFor = "waits-for"
    }

    var isHere: Bool { since != nil }
}

/// What a server says of packages and where they are.
struct ReplicationOverview: Decodable, Sendable {
    struct Package: Decodable, Sendable {
        let package: String
        let datacenters: [String: PackageArrival]
    }

    /// Nil where the server has its own directory alone.
    let bucket: String?
    let packages: [Package]
}

extension PackageServer {
    /// Where a package is, by datacenter; nil where the server has its own directory alone.
    func arrivals(of id: PackageID) async throws -> [String: PackageArrival]? {
        // The characters of names need no percent-encoding in a query but `+`, which some read as a space.
        let name = "\(id.name)/\(id.version)/\(id.platform)".map { $0 == "+" ? "%2B" : String($0) }.joined()
        let url = "\(base)/v1/replication?package=\(name)"
        let response = try await send(HTTPRequest(url: url, headers: [("Accept", "application/json")]))
        if response.status == 404 { return nil }  // a server from before there was anything to tell
        guard response.status == 200 else { throw ServerError.refused("get", url, response) }
        let overview: ReplicationOverview
        do { overview = try readJSON(response.body, as: ReplicationOverview.self) } catch {
            throw UnreadableReplication(url: url, why: describeDecoding(error))
        }
        guard overview.bucket != nil else { return nil }
        return overview.packages.first { $0.package == "\(id.name)/\(id.version)/\(id.platform)" }?.datacenters ?? [:]
    }
}

/// Waits until a package is in datacenters, and says so of each as it gets there.
struct ReplicationWait {
    let server: PackageServer
    let datacenters: WaitedDatacenters
    let limit: TimeSpan
    let surroundings: Surroundings

    private static let interval = Duration.milliseconds(250)

    /// - Returns: Whether it is in all of them.
    func run(for id: PackageID) async throws -> Bool {
        let console = surroundings.console
        let progress = ProgressLine(of: "\(id)", on: console)
        defer { progress.clear() }
        var told = Set<String>()
        var last: [String: PackageArrival] = [:]
        let tries = max(1, Int((limit.duration / Self.interval).rounded(.up)))
        for number in 0...tries {
            guard let arrivals = try await server.arrivals(of: id) else {
                throw NotReplicated(server: server.base)
            }
            last = arrivals
            let names = names(among: arrivals)
            for name in names where told.insert(name).inserted {
                guard let arrival = arrivals[name], arrival.isHere else {
                    told.remove(name)
                    continue
                }
                progress.clear()
                let took = arrival.milliseconds.map { " after \(Duration.milliseconds($0).brief)" } ?? ""
                console.note("\(id): in \(name)\(took)")
            }
            let missing = names.filter { !told.contains($0) }
            if missing.isEmpty, !names.isEmpty { return true }
            progress.show { "waits for \(missing.joined(separator: ", "))" }
            if number < tries { try await surroundings.sleep(Self.interval) }
        }
        progress.clear()
        for name in names(among: last) where !told.contains(name) {
            let why = last[name]?.waitsFor.map { "waits for \($0)" } ?? "no server there says anything of it"
            console.warn("\(id): not in \(name): \(why)")
        }
        return false
    }

    private func names(among arrivals: [String: PackageArrival]) -> [String] {
        switch datacenters {
        case .all: arrivals.keys.sorted()
        case .some(let names): names.map(\.rawValue)
        }
    }
}

private struct NotReplicated: RollerError {
    let server: String
    var message: String { "\(server) shares packages with no other server" }
    var hint: String? { "leave --wait out: what is published there is there at once" }
}

private struct UnreadableReplication: RollerError {
    let url: String
    let why: String
    var message: String { "cannot read what \(url) says: \(why)" }
    var hint: String? { "is that the address of a config server of this version?" }
}
