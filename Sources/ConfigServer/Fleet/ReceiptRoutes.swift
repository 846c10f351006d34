internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// `/v1/receipts`: what hosts say of their rolls, to be handed in and to be read.
struct ReceiptRoutes: Sendable {
    let fleet: Fleet
    let tokens: LiveTokens
    /// Whether this machine needs no token.
    let allowsLocal: Bool

    var routes: [Route] {
        [
            .post("/v1/receipts", check: check, receive: receive),
            .get("/v1/receipts", taking: ["host", "limit", "after", "format"], list),
            .get("/v1/receipts/{host}", taking: ["format"], newest),
            .get("/v1/hosts/{host}/history", taking: ["limit", "before", "format"], history),
        ]
    }

    @Sendable private func check(_ call: Call) async throws -> Answer? {
        if !(allowsLocal && call.isLocal), !isByCertificate(call) {
            try tokens.check(call.headers[.authorization], for: .receipts)
        }
        guard let text = call.headers[.contentLength] else { return nil }
        guard let length = Int64(text), length <= Receipt.sizeLimit.bytes else {
            throw RequestError.bodyTooLarge(limit: Receipt.sizeLimit)
        }
        return nil
    }

    /// Whether a host reports for itself, and shows its certificate instead of a token.
    private func isByCertificate(_ call: Call) -> Bool {
        call.connection.clientCertificate != nil && call.headers[.authorization] == nil
    }

    @Sendable private func receive(_ call: Call, _ body: InboundBody) async throws -> Answer {
        let receipt = try Receipt.read(try await body.collect(limit: Receipt.sizeLimit))
        let host = try call.served().host(receipt.host?.rawValue ?? "").name
        if isByCertificate(call) { try call.checkCertificate(for: host.rawValue) }
        let added = try await waitingForDisk { try fleet.receipts.add(receipt, of: host, now: UTCTime.now.seconds) }
        let value = Value.map(["host": .string(host.rawValue), "receipt": .string(receipt.id)])
        return Answer(value, as: try call.format(), status: added == .made ? .created : .ok)
    }

    /// The newest of each host, or those of one host.
    @Sendable private func list(_ call: Call) async throws -> Answer {
        let part = try ListPart(call)
        let limit = part.limit ?? 100
        let reports = fleet.receipts.newest.reports
        if let text = call.query["host"] {
            return try await receipts(of: try known(text, call), before: nil, limit: limit, call)
        }
        let after = part.after ?? ""
        let hosts = reports.keys.filter { $0.rawValue > after }.sorted()
        let found = try await waitingForDisk {
            try hosts.prefix(limit).compactMap { try fleet.receipts.receipts(of: $0, limit: 1).first }
        }
        var answer = Answer(.list(found.map(\.asValue)), as: try call.format())
        answer.headers[.rollerTotalCount] = "\(reports.count)"
        if hosts.count > limit {
            answer.headers[.link] = call.link("/v1/receipts", after: hosts[limit - 1].rawValue)
        }
        return answer
    }

    @Sendable private func newest(_ call: Call) async throws -> Answer {
        let host = try known(call["host"], call)
        guard let found = try await waitingForDisk({ try fleet.receipts.receipts(of: host, limit: 1).first }) else {
            throw UnknownName("receipt", host.rawValue, among: [])
        }
        return Answer(found.asValue, as: try call.format())
    }

    @Sendable private func history(_ call: Call) async throws -> Answer {
        let limit = try call.number("limit", in: ListPart.limits) ?? 50
        return try await receipts(
            of: try known(call["host"], call), before: call.query["before"], limit: limit, call)
    }

    private func receipts(of host: HostName, before: String?, limit: Int, _ call: Call) async throws -> Answer {
        let found = try await waitingForDisk { try fleet.receipts.receipts(of: host, before: before, limit: limit) }
        return Answer(.list(found.map(\.asValue)), as: try call.format())
    }

    /// A host that is in the repository, or was and has left receipts.
    private func known(_ text: String, _ call: Call) throws -> HostName {
        if let name = HostName(text), fleet.receipts.newest.reports[name] != nil { return name }
        return try call.served().host(text).name
    }
}
