internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// `/v1/webhook`: the upstream's server says that somebody pushed.
struct WebhookRoutes: Sendable {
    let secret: WebhookSecret?
    let upstream: Upstream?
    let keeper: SnapshotKeeper

    /// As large as a body may be. What it says is not needed; it is what is signed.
    private static let limit = ByteCount(5 << 20)

    var routes: [Route] { [.post("/v1/webhook", receive: receive)] }

    /// Has the repository looked at soon. That takes longer than those who send webhooks wait.
    @Sendable private func receive(_ call: Call, _ body: InboundBody) async throws -> Answer {
        guard let secret else { throw RequestError.unauthorised(why: "this server has no secret for webhooks") }
        try secret.check(call.headers, try await body.collect(limit: Self.limit))
        if let upstream { upstream.nudge() } else { await keeper.look() }
        return Answer(.map(["accepted": .bool(true)]), as: try call.format(), status: .accepted)
    }
}
