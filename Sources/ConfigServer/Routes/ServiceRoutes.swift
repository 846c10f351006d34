internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// `/healthz`, `/readyz`, `/metrics` and `/v1/refresh`: what those ask who run the server.
struct ServiceRoutes: Sendable {
    let keeper: SnapshotKeeper
    let upstream: Upstream?
    let board: SnapshotBoard
    let metrics: RequestMetrics
    let tokens: LiveTokens
    let admission: Admission
    let figures: StoreFigures
    let tls: LiveTLS?
    let fleet: Fleet

    var routes: [Route] {
        [
            .get("/healthz", health), .get("/readyz", ready), .get("/metrics", prometheus),
            .post("/v1/refresh", refresh),
        ]
    }

    /// The process answers; no more is said.
    @Sendable private func health(_ call: Call) async throws -> Answer {
        Answer(View(Array("ok\n".utf8), type: "text/plain; charset=utf-8"))
    }

    /// Whether the newest commit is served, and if not, why.
    @Sendable private func ready(_ call: Call) async throws -> Answer {
        let standing = call.standing
        var answer = Answer(standing.asValue, as: .json, status: standing.isReady ? .ok : .serviceUnavailable)
        if !standing.isReady { answer.headers[.retryAfter] = "2" }
        return answer
    }

    /// Looks at the repository now. What a commit that cannot be served lacks is in the answer.
    @Sendable private func refresh(_ call: Call) async throws -> Answer {
        if !call.isLocal { try tokens.check(call.headers[.authorization], for: .refresh) }
        await upstream?.fetched()
        await keeper.look()
        let standing = board.standing
        var answer = Answer(standing.asValue, as: try call.format())
        answer.standing = standing
        return answer
    }

    /// What Prometheus asks for.
    @Sendable private func prometheus(_ call: Call) async throws -> Answer {
        var metrics = MetricsText()
        metrics.add(requests: self.metrics, admission)
        metrics.add(standing: call.standing)
        metrics.add(repository: call.standing)
        metrics.add(fleet: fleet)
        if let count = figures.count { metrics.add(store: count) }
        if let tls {
            metrics.add(
                "roller_tls_certificate_expiry_timestamp_seconds", .gauge,
                "When the first certificate of the chain in use ends.", Double(tls.expiry))
            metrics.add(
                "roller_tls_certificate_refused", .gauge,
                "Whether the files hold a certificate that could not be taken into use.", tls.refusal == nil ? 0 : 1)
        }
        metrics.add(process: try ProcessFigures.current())
        return Answer(View(Array(metrics.text.utf8), type: "text/plain; version=0.0.4; charset=utf-8"))
    }
}

extension Standing {
    /// What is served and whether it is the newest, for programs.
    var asValue: Value {
        var entries: [(String, Value)] = [("ready", .bool(isReady))]
        if let served {
            entries.append(("revision", .string(served.revision.rawValue)))
            entries.append(("age", .int(age(at: .now))))
        }
        if let refusal {
            var reason: [(String, Value)] = [("kind", .string(refusal.kind))]
            if let revision = refusal.revision { reason.append(("revision", .string(revision.rawValue))) }
            reason.append(("message", .string(refusal.message)))
            if let hint = refusal.hint { reason.append(("hint", .string(hint))) }
            entries.append(("refused", .entries(reason + refusal.details.map { ($0.key, $0.value) })))
        }
        return .entries(entries + provenance)
    }
}
