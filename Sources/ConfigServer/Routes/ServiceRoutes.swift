internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// `/healthz`, `/readyz`, `/metrics` and `/v1/refresh`: what those ask who run the server.
struct ServiceRoutes: Sendable {
    let keeper: SnapshotKeeper
    let upstream: Upstream?
    let board: SnapshotBoard
    let metrics: RequestMetrics
    let tokens: Tokens

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

    @Sendable private func prometheus(_ call: Call) async throws -> Answer {
        let standing = call.standing
        var text = ""
        let add = { (name: String, kind: String, help: String, lines: [(labels: String, value: String)]) in
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
            for line in lines { text += "\(name)\(line.labels) \(line.value)\n" }
        }
        add(
            "roller_http_requests_total", "counter", "Requests answered, by route and status.",
            metrics.lines.map { ("{route=\"\($0.route)\",status=\"\($0.status)\"}", "\($0.count)") })
        add(
            "roller_snapshot_ready", "gauge", "Whether the newest commit is the one served.",
            [("", standing.isReady ? "1" : "0")])
        if let served = standing.served {
            add(
                "roller_snapshot_info", "gauge", "The commit that is served.",
                [("{revision=\"\(served.revision)\"}", "1")])
            add(
                "roller_snapshot_age_seconds", "gauge", "Since the commit served was last seen to be the newest.",
                [("", "\(standing.age(at: .now))")])
            add(
                "roller_snapshot_build_seconds", "gauge", "How long the snapshot served took to make.",
                [("", standing.buildTime.inSeconds)])
            add(
                "roller_snapshot_hosts", "gauge", "Hosts in the commit that is served.",
                [("", "\(served.snapshot.repo.hosts.count)")])
        }
        return Answer(View(Array(text.utf8), type: "text/plain; version=0.0.4; charset=utf-8"))
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

extension Duration {
    /// Seconds with six decimals.
    fileprivate var inSeconds: String {
        let digits = String(components.attoseconds / 1_000_000_000_000)
        return "\(components.seconds).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
    }
}
