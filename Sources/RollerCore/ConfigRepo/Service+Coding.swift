/// In bundles and records a service looks as it does in its class, with its name beside.
extension Service: Codable {
    private enum Key: String, CodingKey {
        case name, systemd, start, stop, reload, timeout, uses, validate, check
        case reloadOn = "reload-on"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let supervisor: Supervisor
        if let unit = try container.decodeIfPresent(String.self, forKey: .systemd) {
            guard Service.isUnitName(unit) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .systemd, in: container, debugDescription: "'\(unit)' is no name of a systemd unit")
            }
            supervisor = .systemd(unit: unit)
        } else {
            supervisor = .commands(
                start: try container.decode([String].self, forKey: .start),
                stop: try container.decode([String].self, forKey: .stop),
                reload: try container.decodeIfPresent([String].self, forKey: .reload),
                timeout: try container.decode(TimeSpan.self, forKey: .timeout))
        }
        self.init(
            name: try container.decode(ServiceName.self, forKey: .name),
            supervisor: supervisor,
            uses: try container.decodeIfPresent([String].self, forKey: .uses),
            reloadOn: try container.decodeIfPresent([TreePath].self, forKey: .reloadOn) ?? [],
            validate: try container.decodeIfPresent([String].self, forKey: .validate),
            checks: try container.decodeIfPresent([HealthCheck].self, forKey: .check) ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        switch supervisor {
        case .systemd(let unit): try container.encode(unit, forKey: .systemd)
        case .commands(let start, let stop, let reload, let timeout):
            try container.encode(start, forKey: .start)
            try container.encode(stop, forKey: .stop)
            try container.encodeIfPresent(reload, forKey: .reload)
            try container.encode(timeout, forKey: .timeout)
        }
        try container.encodeIfPresent(uses, forKey: .uses)
        if !reloadOn.isEmpty { try container.encode(reloadOn, forKey: .reloadOn) }
        try container.encodeIfPresent(validate, forKey: .validate)
        if !checks.isEmpty { try container.encode(checks, forKey: .check) }
    }
}

extension HealthCheck: Codable {
    private enum Key: String, CodingKey { case http, tcp, run, within }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let within = try container.decode(TimeSpan.self, forKey: .within)
        if let url = try container.decodeIfPresent(String.self, forKey: .http) {
            self.init(.http(url), within: within)
        } else if let address = try container.decodeIfPresent(String.self, forKey: .tcp) {
            self.init(.tcp(address), within: within)
        } else {
            self.init(.run(try container.decode([String].self, forKey: .run)), within: within)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch probe {
        case .http(let url): try container.encode(url, forKey: .http)
        case .tcp(let address): try container.encode(address, forKey: .tcp)
        case .run(let words): try container.encode(words, forKey: .run)
        }
        try container.encode(within, forKey: .within)
    }
}
