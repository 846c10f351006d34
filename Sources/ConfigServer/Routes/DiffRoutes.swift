internal import HTTPTypes
internal import OrderedCollections
internal import RollerCore

/// What differs: between two commits, two hosts, or two releases of a class.
struct DiffRoutes: Sendable {
    let history: History
    let queue: DiffQueue

    /// How many ways in which hosts change are shown at most.
    private static let groups = 500

    var routes: [Route] {
        [
            // A branch's name may have slashes.
            .get("/v1/diff/{range...}", taking: ["format", "details"], commits),
            .get("/v1/hosts/{host}/diff/{other}", taking: ["at", "format", "details"], hosts),
            .get("/v1/hostclasses/{class}/diff/{other}", taking: ["at", "format", "details"], hostclasses),
        ]
    }

    /// What one commit makes of another, for all hosts.
    @Sendable private func commits(_ call: Call) async throws -> Answer {
        let (from, to) = try Self.sides(call["range"])
        let details = try call.details()
        let format = try DiffFormat(call)
        let old = try await call.snapshot(at: from, history)
        let new = try await call.snapshot(at: to, history)
        let key = DiffQueue.Key(what: "\(old.revision)..\(new.revision) \(details)", format: format)
        let view = try await queue.view(key) {
            let pair = SnapshotPair(old: old.snapshot, old.files, new: new.snapshot, new.files)
            let (diff, impact) = pair.compare(
                from: old.revision.rawValue, to: new.revision.rawValue, limit: Self.groups)
            let report = DiffReport.range(diff)
            switch format {
            case .text:
                let parts = [report.text(details), report.summary + "\n", impact.isEmpty ? "" : impact.text]
                return Array(parts.filter { !$0.isEmpty }.joined(separator: "\n").utf8)
            case .value(let format):
                guard case .map(var fields) = report.value(details) else { preconditionFailure("a report is a map") }
                fields["impact"] = impact.value
                return Value.map(fields).bytes(as: format)
            }
        }
        return Answer(view, of: new.revision)
    }

    /// `A..B`; an empty side is what is served.
    private static func sides(_ range: String) throws(RequestError) -> (old: String?, new: String?) {
        let rule = "two revisions with two dots between them, as in main~1..main"
        guard let dots = range.utf8.firstRange(of: "..".utf8) else { throw .badTarget(range, why: "use \(rule)") }
        let old = String(decoding: range.utf8[..<dots.lowerBound], as: UTF8.self)
        let new = String(decoding: range.utf8[dots.upperBound...], as: UTF8.self)
        // Three dots name another commit than those written.
        guard !new.hasPrefix("."), !new.contains("..") else { throw .badTarget(range, why: "use \(rule)") }
        return (old.isEmpty ? nil : old, new.isEmpty ? nil : new)
    }

    /// Two hosts that should be twins.
    @Sendable private func hosts(_ call: Call) async throws -> Answer {
        let details = try call.details()
        let format = try DiffFormat(call)
        let snapshot = try await call.snapshot(history)
        let one = try snapshot.host(call["host"])
        let other = try snapshot.host(call["other"])
        let key = DiffQueue.Key(
            what: "\(snapshot.revision) \(one.name) \(other.name) \(details)", format: format)
        let view = try await queue.view(key) {
            let diff = HostDiff.between(try snapshot.resolve(one), try snapshot.resolve(other), of: other.name)
            return DiffReport.hosts(one.name, diff).bytes(as: format, details)
        }
        return Answer(view, of: snapshot.revision)
    }

    /// Two releases of a class, or of two; a class without a release is what it is at the commit.
    @Sendable private func hostclasses(_ call: Call) async throws -> Answer {
        let details = try call.details()
        let format = try DiffFormat(call)
        let snapshot = try await call.snapshot(history)
        let one = try await tree(call["class"], in: snapshot)
        let other = try await tree(call["other"], in: snapshot)
        let key = DiffQueue.Key(
            what: "\(one.name) \(one.revision)..\(other.name) \(other.revision) \(details)", format: format)
        let view = try await queue.view(key) {
            let changes = ClassDiff.between(one.tree, other.tree)
            return DiffReport.releases(one.name, other.name, changes).bytes(as: format, details)
        }
        return Answer(view, of: snapshot.revision)
    }

    private func tree(
        _ text: String, in snapshot: ServedSnapshot
    ) async throws -> (name: String, revision: Revision, tree: HostclassTree) {
        guard text.contains("@") else { return (text, snapshot.revision, try snapshot.hostclass(text)) }
        guard let reference = ReleaseReference(text) else { throw UnknownName("release", text, among: []) }
        let release = try await history.hostclass(at: reference).release
        return (reference.rawValue, release.revision, release.tree)
    }
}

extension Call {
    /// How much of a diff is asked for.
    fileprivate func details() throws(RequestError) -> DiffDetails {
        switch query["details"] {
        case nil, "full": return .full
        case "stat": return .stat
        case let other?: throw .badParameter("details", other, rule: "full, or stat for no contents of files")
        }
    }

    /// The snapshot of a revision; of nil the one served.
    fileprivate func snapshot(at revision: String?, _ history: History) async throws -> ServedSnapshot {
        guard let revision else { return try served() }
        if let served = standing.served, served.revision.rawValue == revision { return served }
        return try await history.snapshot(at: revision)
    }
}

extension DiffReport {
    /// As a request asks for it; where nothing differs, text says so.
    fileprivate func bytes(as format: DiffFormat, _ details: DiffDetails) -> [UInt8] {
        switch format {
        case .text: Array((isEmpty ? summary + "\n" : text(details)).utf8)
        case .value(let format): value(details).bytes(as: format)
        }
    }
}
