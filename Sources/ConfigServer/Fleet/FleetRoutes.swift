internal import HTTPTypes
internal import NIOCore
internal import RollerCore

/// `/v1/fleet`: how the hosts are doing.
struct FleetRoutes: Sendable {
    let fleet: Fleet

    var routes: [Route] {
        [
            .get(
                "/v1/fleet",
                taking: ["hostclass", "datacenter", "release", "bucket", "after", "limit", "format"], overview)
        ]
    }

    @Sendable private func overview(_ call: Call) async throws -> Answer {
        let served = try call.served()
        let hostclass = try call.query["hostclass"].map { try served.hostclass($0).hostclass.name }
        let datacenter = try call.query["datacenter"].map { try served.datacenter($0).name }
        let release = try call.query["release"].map { text throws(RequestError) in
            guard let release = ReleaseReference(text) else {
                throw .badParameter("release", text, rule: ReleaseReference.rule)
            }
            return release
        }
        let report = fleet.report(at: served, listing: try listing(call)) { host in
            (hostclass == nil || host.release.hostclass == hostclass)
                && (datacenter == nil || host.datacenter == datacenter) && (release == nil || host.release == release)
        }
        var answer: Answer
        if call.wantsText {
            let text = FleetText(report, now: UTCTime.now.seconds).text
            answer = Answer(View(Array(text.utf8), type: "text/plain; charset=utf-8"), of: served.revision)
        } else {
            answer = Answer(report.asValue, as: try call.format())
            answer.revision = served.revision
        }
        if let next = report.next { answer.headers[.link] = call.link("/v1/fleet", after: next.rawValue) }
        return answer
    }

    private func listing(_ call: Call) throws(RequestError) -> FleetOverview.Listing {
        var listing = FleetOverview.Listing(limit: try call.number("limit", in: 0...10_000) ?? 100)
        if let text = call.query["bucket"] {
            listing.buckets = []
            for word in text.split(separator: ",") {
                guard let bucket = FleetBucket(rawValue: String(word)) else {
                    let all = FleetBucket.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .badParameter("bucket", String(word), rule: "one of \(all), or several with commas")
                }
                listing.buckets.insert(bucket)
            }
        }
        if let text = call.query["after"] {
            guard let host = HostName(text) else { throw .badParameter("after", text, rule: HostName.rule) }
            listing.after = host
        }
        return listing
    }
}

extension Call {
    /// Whether words for people are asked for: by `?format=text`, or by an Accept that begins with text/plain.
    fileprivate var wantsText: Bool {
        query["format"] == "text" || (query["format"] == nil && headers[.accept]?.hasPrefix("text/plain") ?? false)
    }
}
