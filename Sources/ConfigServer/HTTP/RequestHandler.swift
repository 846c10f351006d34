internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import RollerCore

/// The connection must end: something of the request was left unread.
struct ConnectionAbandoned: Error {}

/// Answers requests: finds the route, fits what it answers to the request, and writes it.
struct RequestHandler: Sendable {
    let routes: RouteTable
    let board: SnapshotBoard
    let metrics: RequestMetrics
    let logger: Logger
    let date = DateHeader()
    var patience = InboundBody.Patience()
    /// What is wrong as a page, for those who ask for one; nil for all others.
    var failurePage: @Sendable (any Error, Failure, HTTPFields, Standing) -> Answer? = { _, _, _, _ in nil }
    let admission: Admission
    let access: CertificateAccess
    /// Whether each request is told at level info, instead of debug.
    var logsRequests = false

    /// Answers one request.
    /// - Throws: What ends the connection: the client went away, or must not go on.
    func handle(
        _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel, from connection: Connection
    ) async throws {
        let start = ContinuousClock.now
        let standing = board.standing
        let body = InboundBody(request, patience: patience)
        var pattern = "none"
        var answer: Answer
        var isAmbiguous = true
        var isCounted = false
        defer { if isCounted { admission.end() } }
        do {
            guard request.head.authority != nil else {
                throw RequestError.missingHeader("Host", hint: "every request names the server it asks (RFC 9112)")
            }
            try checkFraming(request.headers)
            isAmbiguous = false
            try admission.begin(connection)
            isCounted = true
            let target = try RequestTarget(request.head.path ?? "")
            let (route, values) = try routes.find(request.method, target)
            pattern = route.pattern
            if let unknown = target.query.keys.sorted().first(where: { !route.parameters.contains($0) }) {
                throw RequestError.unknownParameter(unknown, known: Array(route.parameters))
            }
            let call = Call(
                values: values, query: target.query, headers: request.headers, standing: standing,
                connection: connection)
            try access.check(call, route)
            switch route.action {
            case .read(let read): answer = try await read(call)
            case .act(let act): answer = try await act(call)
            case .upload(let check, let receive):
                if let known = try await check(call) {
                    answer = known
                } else {
                    if request.headers[.expect]?.lowercased() == "100-continue" {
                        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                    }
                    answer = try await receive(call, body)
                }
            }
        } catch {
            answer = self.answer(to: error, of: request.head, standing)
        }
        var response: Reply
        do {
            response = try Reply(answer, to: request.head)
        } catch {
            response = try Reply(self.answer(to: error, of: request.head, standing), to: request.head)
        }
        complete(&response.head.headerFields, answer.revision, answer.standing ?? standing)
        let isAbandoned = isAmbiguous || body.isBetterAbandoned
        if isAbandoned { response.head.headerFields[.connection] = "close" }
        note(request.head, pattern, response.head, took: ContinuousClock.now - start, connection)
        try await response.send(writer, channel)
        if isAbandoned { try await abandon(body, channel) }
    }

    /// Refuses what another server on the way may have read otherwise (RFC 9112, sections 3.2 and 6.1).
    private func checkFraming(_ headers: HTTPFields) throws(RequestError) {
        // The first Host is no header any more, but the request's authority.
        if headers.contains(.host) { throw .repeatedHost }
        guard let coding = headers[.transferEncoding] else { return }
        guard coding.lowercased() == "chunked" else { throw .unknownTransferCoding(coding) }
    }

    private func answer(to error: any Error, of request: HTTPRequest, _ standing: Standing) -> Answer {
        let failure = Failure(error)
        if failure.isOurs {
            logger.error(
                "request failed",
                metadata: ["path": "\(request.path ?? "")", "reason": "\(explain(error))"])
        }
        if var page = failurePage(error, failure, request.headerFields, standing) {
            page.headers.append(contentsOf: failure.headers)
            return page
        }
        let format = try? Format(parameter: nil, accept: request.headerFields[.accept])
        let asksForJSON = request.path?.contains("format=json") ?? false
        var answer = Answer(failure.asValue, as: asksForJSON ? .json : format ?? .yaml, status: failure.status)
        answer.headers = failure.headers
        return answer
    }

    /// What every answer carries.
    /// - Parameter revision: The commit it was made from, where that is not the one served.
    @Sendable func complete(_ headers: inout HTTPFields, _ revision: Revision?, _ standing: Standing) {
        headers[.date] = date.value
        headers[.xContentTypeOptions] = "nosniff"
        if let revision = revision ?? standing.served?.revision {
            headers[.rollerRevision] = revision.rawValue
            headers[.rollerSnapshotAge] = "\(standing.age(at: .now))"
        }
        if let refusal = standing.refusal, standing.served != nil {
            headers[.rollerStale] = refusal.revision?.rawValue ?? "unknown"
        }
        if standing.upstream?.failure != nil { headers[.rollerUpstream] = "failed" }
        if standing.bucket?.failure != nil { headers[.rollerBucket] = "failed" }
    }

    /// Ends the connection so that the client gets the answer first: no more is sent, some more is read, then it closes.
    private func abandon(_ body: InboundBody, _ channel: any Channel) async throws -> Never {
        // The other side may have closed already; then there is nothing to wait for.
        try? await channel.close(mode: .output)
        let limit = channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
        try? await body.discard(limit: 16 << 20)
        limit.cancel()
        throw ConnectionAbandoned()
    }
}

extension SocketAddress {
    /// Whether it is an address of this machine itself.
    var isLoopback: Bool {
        guard let address = ipAddress else { return false }
        return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }
}
