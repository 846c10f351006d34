import GitRepository
import OrderedCollections
import RollerCore

/// What `blame` found, for people and for programs.
struct BlameAnswer {
    let host: HostName
    let place: Blame.Place
    let trace: LineTrace
    /// The last change of each place.
    let origins: [SourceLocation: LineOrigin]

    var text: String {
        var text = "\(place) on \(host)\n    \(trace.text)\n\n"
        for source in trace.sources {
            text += "\(source.file):\(source.line)\n\(words(source))"
        }
        for section in trace.sections {
            text += "\nin \(section.tag), line \(section.place.line)\n"
            guard let setting = section.setting else { continue }
            text += "    \(setting.words), by \(setting.origin.level.rawValue): \(setting.origin.location)\n"
            text += words(setting.origin.location)
        }
        var shown: Set<String> = []
        for value in trace.values where shown.insert(value.path).inserted {
            guard let setting = value.setting else {
                text += "\n\(value.path) = \(value.text)\n    known to Roller itself\n"
                continue
            }
            text += "\n\(value.path) = \(value.text)\n    \(setting.origin.level.rawValue): "
            text += "\(setting.origin.location)\n\(words(setting.origin.location))"
            for other in setting.outranked {
                text += "    outranks \(other.level.rawValue): \(other.location)\n"
            }
        }
        return text
    }

    var value: Value {
        let sources = trace.sources.map { Value.map(fields($0)) }
        let values = trace.values.map { value in
            var map: OrderedDictionary<String, Value> = ["path": .string(value.path), "text": .string(value.text)]
            if let setting = value.setting {
                map["setting"] = .string(setting.key.rawValue)
                map["value"] = setting.value
                map["level"] = .string(setting.origin.level.rawValue)
                map.merge(fields(setting.origin.location)) { old, _ in old }
                map["outranks"] = .list(setting.outranked.map { .map(fields($0.location)) })
            }
            return Value.map(map)
        }
        let sections = trace.sections.map { section in
            var map: OrderedDictionary<String, Value> = ["tag": .string(section.tag)]
            if let setting = section.setting {
                map["setting"] = .string(setting.key.rawValue)
                map["value"] = setting.value
                map["level"] = .string(setting.origin.level.rawValue)
            }
            map.merge(fields(section.setting?.origin.location ?? section.place)) { old, _ in old }
            return Value.map(map)
        }
        return .map([
            "host": .string(host.rawValue), "path": .string(place.path.rawValue), "line": .int(place.line),
            "text": .string(trace.text), "sources": .list(sources), "values": .list(values),
            "sections": .list(sections),
        ])
    }

    private func words(_ place: SourceLocation) -> String {
        switch origins[place] {
        case .commit(let commit):
            let id = String(commit.id.description.prefix(12))
            return "    \(id) \(commit.author.day) \(commit.author.name): \(commit.summary)\n"
        case .notCommitted: return "    not committed yet\n"
        case nil: return ""
        }
    }

    private func fields(_ place: SourceLocation) -> OrderedDictionary<String, Value> {
        var fields = place.fields
        switch origins[place] {
        case .commit(let commit):
            fields["commit"] = .string("\(commit.id)")
            fields["author"] = .string("\(commit.author.name) <\(commit.author.email)>")
            fields["date"] = .string(commit.author.day)
            fields["summary"] = .string(commit.summary)
        case .notCommitted, nil: break
        }
        return fields
    }
}

extension EffectiveSetting {
    /// What it is, in a few words.
    fileprivate var words: String {
        switch value {
        case .bool(let flag): "\(key) is \(flag)"
        case .int(let number): "\(key) is \(number)"
        case .string(let text): text.isEmpty ? "\(key) is empty" : "\(key) is \"\(text)\""
        case .list(let items): items.isEmpty ? "\(key) is empty" : "\(key) has \(counted(items.count, "item"))"
        case .map: "\(key) is a map"
        }
    }
}

extension GitSignature {
    /// The day in UTC, as ISO 8601 writes it.
    fileprivate var day: String { String(UTCDay(at: Int64(time)).description.map { $0 == "." ? "-" : $0 }) }
}

extension ConfigRepository {
    /// The last change of each place: of the state at `revision`, or of the work tree, or of a release.
    func origins(of places: [SourceLocation], at revision: Revision?) throws -> [SourceLocation: LineOrigin] {
        var origins: [SourceLocation: LineOrigin] = [:]
        for place in Set(places) where place.line > 0 {
            origins[place] = try origin(of: place, at: revision)
        }
        return origins
    }

    private func origin(of place: SourceLocation, at revision: Revision?) throws -> LineOrigin? {
        let (label, path) = place.releaseAndPath
        if let release = label.flatMap({ ReleaseReference($0) }) {
            let commit = try commit(of: release)
            guard let commit else { return nil }
            return try git.blame(path, line: place.line, at: commit).map { .commit($0) }
        }
        if let commit = revision.flatMap({ ObjectID(hex: $0.rawValue) }) {
            return try git.blame(path, line: place.line, at: commit).map { .commit($0) }
        }
        guard let text = try texts(of: [path], at: nil)[path] else { return nil }
        guard let head = try git.headIfAny() else { return .notCommitted }
        return try git.blame(path, line: place.line, of: Array(text.utf8), since: head)
    }

    private func commit(of release: ReleaseReference) throws(GitError) -> ObjectID? {
        switch release.state {
        case .release: return try git.tag(release.rawValue)?.target
        case .commit(let revision): return ObjectID(hex: revision.rawValue)
        }
    }
}

extension GitRepository {
    /// The commit that is checked out; nil in a repository without any.
    fileprivate borrowing func headIfAny() throws(GitError) -> ObjectID? {
        do throws(GitError) { return try head().commit } catch .unbornHead { return nil }
    }
}
