internal import YAMLDocument

/// A host: the leaf of the tree. It names one class at one release, and sets what differs.
public struct Host: Hashable, Sendable {
    /// Its full name, from the file's.
    public let name: HostName
    /// The class it is of, and which state of it.
    public let release: ReleaseReference
    /// Where `hostclass` is written.
    public let releaseLocation: SourceLocation
    /// Where it stands.
    public let datacenter: DatacenterName
    /// Where `datacenter` is written.
    public let datacenterLocation: SourceLocation
    /// Its own platform, if it states one.
    public let platform: Platform?
    /// Settings that outrank the datacenter's and the class's.
    public let settings: [Setting]
    /// The groups that get onto this host beside those that its class lets in.
    public let access: Hostclass.Access

    static func read(_ name: HostName, _ bytes: [UInt8], _ reader: inout FileReader) -> Host? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(
                of: node, as: "a host", keys: keys)
        else { return nil }
        // Read every key before giving up on any, so that one pass shows every mistake.
        let release = fields["hostclass"].flatMap { reader.releaseReference($0) }
        let datacenter = fields["datacenter"].flatMap {
            reader.text($0, as: DatacenterName.self, of: "the name of a datacenter")
        }
        let platform = fields["platform"].flatMap { reader.platform($0) }
        let settings = reader.settings(fields["settings"])
        let access = reader.access(fields["access"])
        guard let release, let datacenter, let releaseNode = fields["hostclass"],
            let datacenterNode = fields["datacenter"]
        else { return nil }
        return Host(
            name: name, release: release, releaseLocation: reader.location(releaseNode.range),
            datacenter: datacenter, datacenterLocation: reader.location(datacenterNode.range),
            platform: platform, settings: settings, access: access)
    }
}
