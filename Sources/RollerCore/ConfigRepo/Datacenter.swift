internal import YAMLDocument

/// A datacenter: values for the hosts in it. It installs nothing.
public struct Datacenter: Hashable, Sendable {
    /// Its name, from the file's.
    public let name: DatacenterName
    /// The platform of its hosts, unless a host states its own.
    public let platform: Platform?
    /// The addresses of its config servers, in the order they are tried.
    public let configServers: [String]
    /// Settings that outrank the class's and yield to the host's.
    public let settings: [Setting]

    static func read(_ name: DatacenterName, _ bytes: [UInt8], _ reader: inout FileReader) -> Datacenter? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(
                of: node, as: "a datacenter", keys: keys)
        else { return nil }
        let servers = fields["config-servers"].flatMap {
            reader.list($0, of: "config-servers") { $0.address($1) }
        }
        return Datacenter(
            name: name,
            platform: fields["platform"].flatMap { reader.platform($0) },
            configServers: servers ?? [],
            settings: reader.settings(fields["settings"]))
    }
}

extension FileReader {
    /// The platform of a host's machine: never `any`, which is for packages.
    mutating func platform(_ node: YAMLNode) -> Platform? {
        guard let platform = text(node, as: Platform.self, of: "a platform") else { return nil }
        guard platform != .any else {
            add(
                .badValue, at: node.range, "'any' is no machine's platform",
                hint: "name the distribution, its version and the architecture, as in debian-12-x86_64")
            return nil
        }
        return platform
    }

    /// The address of a config server, without a path.
    mutating func address(_ node: YAMLNode) -> String? {
        guard let text = string(node, of: "the address of a config server") else { return nil }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix),
            text.utf8.count > scheme.utf8.count, !text.dropFirst(scheme.count).contains("/"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else {
            add(
                .badValue, at: node.range, "'\(text)' is no address of a config server",
                hint: "write a scheme, a host and a port, as in https://config1.snc1.example.com:8443")
            return nil
        }
        return text
    }
}
