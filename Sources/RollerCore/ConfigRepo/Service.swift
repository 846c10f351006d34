internal import YAMLDocument

/// A service of a class: how to start and stop it, what it depends on, and how to tell that it works.
///
/// Its texts may hold templates; `Bundle` carries them rendered.
public struct Service: Hashable, Sendable {
    /// Its name within the class.
    public let name: ServiceName
    /// Who starts and stops it.
    public let supervisor: Supervisor
    /// The packages and paths it depends on; a change in none of them leaves it running. Nil means every change.
    public let uses: [String]?
    /// Paths that it reads anew when it is told to: where nothing else that it uses changed, it is reloaded and not
    /// restarted. They count as used.
    public let reloadOn: [TreePath]
    /// A command that accepts or refuses the candidate tree, run at its final path before anything stops.
    public let validate: [String]?
    /// What must hold for the service to count as healthy; all of them.
    public let checks: [HealthCheck]

    /// Who starts and stops a service.
    public enum Supervisor: Hashable, Sendable {
        /// A unit of systemd.
        case systemd(unit: String)
        /// Argument lists, run in the prefix. A program with a slash in its name is below the prefix.
        case commands(start: [String], stop: [String], reload: [String]?, timeout: TimeSpan)
    }

    /// A service as the tests and the bundle make it.
    public init(
        name: ServiceName, supervisor: Supervisor, uses: [String]? = nil, reloadOn: [TreePath] = [],
        validate: [String]? = nil, checks: [HealthCheck] = []
    ) {
        self.name = name
        self.supervisor = supervisor
        self.uses = uses
        self.reloadOn = reloadOn
        self.validate = validate
        self.checks = checks
    }

    /// Unit names per systemd.unit(5): letters, digits and `:-_.\@`, with a type suffix.
    static func isUnitName(_ text: String) -> Bool {
        let types = ["service", "socket", "timer", "target", "path"]
        guard let dot = text.lastIndex(of: "."), types.contains(String(text[text.index(after: dot)...])) else {
            return false
        }
        return NameBytes.match(
            text, limit: 255, first: NameBytes.isAlphanumeric,
            rest: { NameBytes.isAlphanumeric($0) || ":-_.\\@".utf8.contains($0) })
    }
}

/// One proof that a service works.
public struct HealthCheck: Hashable, Sendable {
    /// What is asked.
    public let probe: Probe
    /// How long after the start it may take to pass; it is asked again until then.
    public let within: TimeSpan

    /// The ways to ask.
    public enum Probe: Hashable, Sendable {
        /// A GET of this address answers with a status from 200 to 299.
        case http(String)
        /// A connection to `host:port` is accepted.
        case tcp(String)
        /// The command exits with 0.
        case run([String])
    }

    /// A probe and its patience.
    public init(_ probe: Probe, within: TimeSpan) {
        self.probe = probe
        self.within = within
    }
}

extension FileReader {
    /// The services of a class, in the order written: started in it, stopped in reverse.
    mutating func services(_ node: YAMLNode?) -> [LocatedService] {
        guard let node else { return [] }
        return named(node, as: "services", keys: ServiceName.self, of: "a service").compactMap { name, key, node in
            service(name, node).map { located($0.service, at: location(key.range), uses: $0.uses) }
        }
    }

    private mutating func service(
        _ name: ServiceName, _ node: YAMLNode
    ) -> (service: Service, uses: [SourceLocation])? {
        guard let fields = fields(of: node, as: "a service", keys: Service.keys) else { return nil }
        let supervisor = supervisor(of: name, fields, node)
        let uses = fields["uses"].flatMap { uses in
            list(uses, of: "uses") { reader, item in
                reader.use(item).map { (text: $0, location: reader.location(item.range)) }
            }
        }
        let reloadOn =
            fields["reload-on"].flatMap {
                list($0, of: "reload-on") { $0.text($1, as: TreePath.self, of: "a path to reload on") }
            } ?? []
        checkReloading(fields, node)
        let validate = fields["validate"].flatMap { arguments($0, of: "validate") }
        let checks = fields["check"].map { healthChecks($0) } ?? []
        guard let supervisor else { return nil }
        let service = Service(
            name: name, supervisor: supervisor, uses: uses?.map(\.text), reloadOn: reloadOn, validate: validate,
            checks: checks)
        return (service, uses?.map(\.location) ?? [])
    }

    /// Each of the two says nothing without the other, but that a unit knows by itself how it is reloaded.
    private mutating func checkReloading(_ fields: Fields, _ node: YAMLNode) {
        if fields["reload"] != nil, fields["reload-on"] == nil, fields["systemd"] == nil {
            add(
                .badService, at: fields.key("reload")?.range ?? node.range,
                "'reload' is never used: nothing says for which changes it is enough",
                hint: "add reload-on, with the paths that the service reads anew, as in [etc/app]")
        }
        if fields["reload-on"] != nil, fields["reload"] == nil, fields["systemd"] == nil {
            add(
                .badService, at: fields.key("reload-on")?.range ?? node.range,
                "there is a 'reload-on', and no 'reload' that says how",
                hint: "add reload as an argument list")
        }
    }

    /// A package or a path; anything else would never be found changed, and the service never restarted.
    private mutating func use(_ node: YAMLNode) -> String? {
        guard let text = string(node, of: "a package or path") else { return nil }
        guard PackageName(text) != nil || TreePath(text) != nil else {
            add(
                .serviceUsesNothing, at: node.range, "'\(text)' is neither a package nor a path below the prefix",
                hint: "name a package of the class, or use \(TreePath.rule)")
            return nil
        }
        return text
    }

    private mutating func supervisor(
        of name: ServiceName, _ fields: Fields, _ node: YAMLNode
    ) -> Service.Supervisor? {
        let timeout = fields["timeout"].flatMap { duration($0, of: "a timeout") } ?? .seconds(30)
        if let unit = fields["systemd"] {
            for key in ["start", "stop", "reload", "timeout"] where fields[key] != nil {
                add(
                    .badService, at: fields.key(key)?.range ?? node.range,
                    "the service '\(name)' has both systemd and '\(key)'",
                    hint: "leave '\(key)' to the unit, or run the service by start and stop alone")
            }
            guard let text = string(unit, of: "a systemd unit") else { return nil }
            guard Service.isUnitName(text) else {
                add(
                    .badService, at: unit.range, "'\(text)' is no name of a systemd unit",
                    hint: "write a name with its suffix, as in \(name).service")
                return nil
            }
            return .systemd(unit: text)
        }
        let start = fields["start"].flatMap { arguments($0, of: "start") }
        let stop = fields["stop"].flatMap { arguments($0, of: "stop") }
        let reload = fields["reload"].flatMap { arguments($0, of: "reload") }
        for (key, missing) in [("start", fields["start"] == nil), ("stop", fields["stop"] == nil)] where missing {
            add(
                .badService, at: node.range.firstLine, "the service '\(name)' has neither systemd nor '\(key)'",
                hint: "name a unit, `systemd: \(name).service`, or give start and stop as argument lists")
        }
        guard let start, let stop else { return nil }
        return .commands(start: start, stop: stop, reload: reload, timeout: timeout)
    }

    /// One check, or a list of them.
    private mutating func healthChecks(_ node: YAMLNode) -> [HealthCheck] {
        if case .sequence(let items) = node.content { return items.flatMap { healthCheck($0) } }
        return healthCheck(node)
    }

    private mutating func healthCheck(_ node: YAMLNode) -> [HealthCheck] {
        guard let fields = fields(of: node, as: "a check", keys: HealthCheck.keys) else { return [] }
        let within = fields["within"].flatMap { duration($0, of: "within") } ?? .seconds(10)
        var probes: [HealthCheck.Probe] = []
        if let http = fields["http"], let url = string(http, of: "an address") {
            if url.hasPrefix("http://") || url.hasPrefix("https://") || url.hasPrefix("{{") {
                probes.append(.http(url))
            } else {
                add(
                    .badService, at: http.range, "'\(url)' is no address of http or https",
                    hint: "write it in full, as in http://127.0.0.1:8080/healthz")
            }
        }
        if let tcp = fields["tcp"], let address = string(tcp, of: "an address") {
            if address.contains(":") {
                probes.append(.tcp(address))
            } else {
                add(
                    .badService, at: tcp.range, "'\(address)' names no port",
                    hint: "write host:port, as in 127.0.0.1:25")
            }
        }
        if let run = fields["run"], let words = arguments(run, of: "run") { probes.append(.run(words)) }
        if fields["http"] == nil, fields["tcp"] == nil, fields["run"] == nil {
            add(.badService, at: node.range.firstLine, "the check asks nothing", hint: "give it http, tcp or run")
        }
        return probes.map { HealthCheck($0, within: within) }
    }
}
