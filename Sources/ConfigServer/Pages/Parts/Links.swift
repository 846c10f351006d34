internal import RollerCore

/// Addresses of pages. Where a page shows an old commit, so do those it leads to.
struct Links: Sendable {
    /// The commit asked for; nil for the one served.
    let at: String?

    /// The address of a page.
    /// - Parameters:
    ///   - components: The path between its slashes, not yet encoded.
    ///   - query: Parameters beside `at`; those with an empty value are left out.
    ///   - pinned: A commit to show instead of the one asked for.
    func page(
        _ components: [String], _ query: [(String, String)] = [], pinned: String? = nil, anchor: String = ""
    ) -> String {
        let path = "/" + components.map { Self.encoded($0) }.joined(separator: "/")
        let parameters = (query + [("at", pinned ?? at ?? "")]).filter { !$0.1.isEmpty }.map {
            "\(Self.encoded($0.0))=\(Self.encoded($0.1))"
        }
        return path + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
            + (anchor.isEmpty ? "" : "#\(anchor)")
    }

    /// Everything but what stands for itself in any part of an address (RFC 3986, section 2.3) in percent signs.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "@"), UInt8(ascii: "+"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Links {
    func host(_ name: HostName) -> Phrase { .code(name.rawValue, link: page(["hosts", name.rawValue])) }

    func hostclass(_ name: HostclassName) -> Phrase {
        .code(name.rawValue, link: page(["hostclasses", name.rawValue]))
    }

    /// A release is what it is at every commit.
    func release(_ reference: ReleaseReference) -> Phrase {
        .code(reference.rawValue, link: Links(at: nil).page(["hostclasses", reference.rawValue]))
    }

    func datacenter(_ name: DatacenterName) -> Phrase {
        .code(name.rawValue, link: page(["datacenters", name.rawValue]))
    }

    func user(_ name: String) -> Phrase { .code(name, link: page(["users", name])) }
    func group(_ name: GroupName) -> Phrase { .code(name.rawValue, link: page(["groups", name.rawValue])) }

    func commit(_ revision: Revision) -> Phrase {
        .code(revision.short, link: Links(at: nil).page(["commits", revision.rawValue]))
    }

    func package(_ key: PackageKey) -> Phrase {
        let path = ["packages", key.name.rawValue, key.version.rawValue, key.platform.rawValue]
        return .code(key.description, link: Links(at: nil).page(path))
    }

    /// A line of a file of the repository, as it is at the commit that `snapshot` shows, or at that of a release.
    func source(_ location: SourceLocation, of snapshot: ServedSnapshot) -> Phrase {
        let (release, path) = location.releaseAndPath
        let commit = release.flatMap { snapshot.snapshot.revision(ofRelease: $0) } ?? snapshot.revision
        let text = location.line == 0 ? path : "\(path):\(location.line)"
        return .code(text, link: source(path, at: commit, line: location.line))
    }

    /// The address of a line of a file at a commit.
    func source(_ path: String, at commit: Revision, line: Int = 0) -> String {
        // By bytes: a slash and a combining mark behind it are one character to Swift.
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        return page(["source"] + parts, pinned: commit.rawValue, anchor: line > 0 ? "L\(line)" : "")
    }
}

extension Snapshot {
    /// The commit of a release that hosts name.
    func revision(ofRelease text: String) -> Revision? {
        guard let reference = ReleaseReference(text), case .found(let release, _)? = releases[reference] else {
            return nil
        }
        return release.revision
    }
}
