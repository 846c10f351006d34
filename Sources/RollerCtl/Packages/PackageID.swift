import OrderedCollections
import RollerCore

/// Which package: a name, a version, and what it was built for.
struct PackageID: Hashable, CustomStringConvertible {
    let name: PackageName
    let version: PackageVersion
    let platform: Platform

    /// `nginx 1.25.3-2 for debian-12-x86_64`.
    var description: String { "\(name) \(version) for \(platform)" }
    /// The name of the manifest's file.
    var manifestName: String { "\(name)-\(version)-\(platform).manifest" }
    /// Where a server has it.
    var resource: String { "/v1/packages/\(name)/\(version)/\(platform)" }
}

extension PackageManifest {
    /// Which package this is of.
    var id: PackageID { PackageID(name: name, version: version, platform: platform) }

    /// What it says in short. Sizes are in bytes.
    var summary: Value { .map(summaryFields) }

    /// The same by name.
    var summaryFields: OrderedDictionary<String, Value> {
        let counts = counts
        var fields: OrderedDictionary<String, Value> = [
            "name": .string(name.rawValue), "version": .string(version.rawValue),
            "platform": .string(platform.rawValue), "archive": .string(archive.rawValue),
            "manifest": .string(Digest(of: text).rawValue), "size": .int(Int(size.bytes)),
            "unpacked": .int(Int(unpackedSize.bytes)), "files": .int(counts.files),
            "directories": .int(counts.directories), "links": .int(counts.links),
        ]
        let setuid = privilegedPaths.sorted().map { Value.string($0.rawValue) }
        if !setuid.isEmpty { fields["setuid"] = .list(setuid) }
        let attributes = attributeSummary(entries)
        if !attributes.isEmpty { fields["attributes"] = .list(attributes) }
        let words = origin.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
        fields["origin"] = .map(OrderedDictionary(uniqueKeysWithValues: words))
        return fields
    }
}

extension PackageManifest.Entry {
    /// The mode bits of a file or directory; nil for links.
    var permissions: UInt16? {
        switch kind {
        case .file(let permissions, _, _), .directory(let permissions): permissions
        case .symlink, .hardLink: nil
        }
    }
}

/// The extended attributes of `entries`, one a line: capabilities in words, others by their name and size.
func attributeSummary(_ entries: [PackageManifest.Entry]) -> [Value] {
    entries.flatMap { entry in
        entry.attributes.sorted { $0.key < $1.key }.map { name, value in
            let words = name.isCapabilities ? entry.capabilities.map { "\($0)" } : nil
            return Value.string("\(entry.path) \(words ?? "\(name) (\(ByteCount(Int64(value.count))))")")
        }
    }
}
