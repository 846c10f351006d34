import ArgumentParser
import OrderedCollections
import RollerCore

/// Shows what a host gets for each setting, and where that was said.
struct Effective: CtlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows a host's settings: each with its value and where that was set.")

    /// How they are shown.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case yaml, json
    }

    @OptionGroup var repository: RepositoryOptions
    @Argument(help: "The host's full name.", transform: validated)
    var host: HostName
    @Option(help: ArgumentHelp("Look at this commit. (default: the work tree)", valueName: "rev"))
    var at: String?
    @Option(help: "How they are shown.")
    var format: Format = .yaml

    func run(in surroundings: Surroundings) async throws -> RunStatus {
        let repository = try ConfigRepository.open(repository, in: surroundings)
        let snapshot = try await repository.snapshot(at: at)
        guard let (resolved, findings) = snapshot.resolve(host) else {
            let own = snapshot.findings.filter { $0.location.file == "hosts/\(host).yml" }
            guard own.hasErrors else {
                throw UnknownName("host", host.rawValue, among: snapshot.repo.hosts.keys.map(\.rawValue).sorted())
            }
            return try show(own, of: repository, at: snapshot, surroundings.console)
        }
        guard let resolved else {
            let all = snapshot.findings(for: host) + findings
            return try show(all.sortedForReading(), of: repository, at: snapshot, surroundings.console)
        }
        let value = resolved.effective
        switch format {
        case .yaml: try surroundings.console.print(value.yaml)
        case .json: try surroundings.console.print(String(decoding: value.json(pretty: true), as: UTF8.self))
        }
        return .fine
    }

    private func show(
        _ findings: [Diagnostic], of repository: borrowing ConfigRepository, at snapshot: Snapshot, _ console: Console
    ) throws -> RunStatus {
        let texts = try repository.texts(for: findings, at: snapshot.revision)
        try console.print(FindingsReport(findings: findings, texts: texts))
        console.note("'\(host)' cannot be resolved: \(counted(findings.count { $0.severity == .error }, "error"))")
        return .found
    }
}

extension Snapshot {
    /// The findings in the files of the release that a host names, and in its own and its datacenter's.
    fileprivate func findings(for name: HostName) -> [Diagnostic] {
        guard let host = repo.hosts[name] else { return [] }
        return findings.filter {
            $0.location.file.hasPrefix("\(host.release):")
                || ["hosts/\(name).yml", "datacenters/\(host.datacenter).yml"].contains($0.location.file)
        }
    }
}

extension ResolvedHost {
    /// Who the host is, and its settings with their origins.
    fileprivate var effective: Value {
        let settings = settings.map { setting in
            var fields: OrderedDictionary<String, Value> = [
                "value": setting.value, "level": .string(setting.origin.level.rawValue),
                "from": .string("\(setting.origin.location)"),
            ]
            if !setting.outranked.isEmpty {
                fields["outranks"] = .list(setting.outranked.map { .string("\($0.location)") })
            }
            return (setting.key.rawValue, Value.map(fields))
        }
        return .map([
            "host": .string(host.name.rawValue), "hostclass": .string(host.release.rawValue),
            "revision": .string(release.revision.rawValue), "datacenter": .string(datacenter.name.rawValue),
            "platform": .string(platform.rawValue), "settings": .map(OrderedDictionary(uniqueKeysWithValues: settings)),
        ])
    }
}
