internal import RollerCore

extension PageRoutes {
    /// `/hosts/H/files/PATH`: a file as it will be on a host, each line with where it comes from.
    @Sendable func renderedFile(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let (snapshot, links) = (look.snapshot, look.links)
        let host = try snapshot.host(call["host"])
        let resolved = try snapshot.resolve(host)
        guard let path = TreePath(call["path"]), let file = resolved.files.first(where: { $0.path == path }),
            let source = resolved.release.tree.files.first(where: { $0.path == path })
        else { throw UnknownName("file", call["path"], among: resolved.files.map(\.path.rawValue)) }
        var page = look.page(path.rawValue, .hosts, data: "/v1/hosts/\(host.name)/files/\(Links.path(path))")
        page.trail = [.link("Hosts", links.page(["hosts"])), links.host(host.name)]
        page.lead =
            Phrase("As it will be on ") + links.host(host.name) + ", " + .code(file.mode.rawValue)
            + Phrase(", \(ByteCount(Int64(file.bytes.count)))")
        let sourcePath = SourceLocation(file: source.source).releaseAndPath.path
        let origin = Phrase.code(sourcePath, link: links.source(sourcePath, at: resolved.release.revision))
        let kind = source.template == nil ? "copied as it is from " : "rendered from "
        page.sections = [
            Page.Section(
                "Contents",
                [
                    .text(Phrase(kind.capitalisedFirst) + origin + " at " + links.release(host.release)),
                    .listing(listing(of: file, resolved, look)),
                ])
        ]
        return page
    }

    /// How many lines are traced; tracing one costs as much as the file is long.
    private static let tracedLines = 500

    private func listing(of file: RenderedFile, _ host: ResolvedHost, _ look: Look) -> Listing {
        guard file.rendering != nil else { return Listing(file: file.bytes, path: file.path.rawValue) }
        var listing = Listing(file: file.bytes, path: "") { line in
            guard line <= Self.tracedLines, let trace = host.trace(of: file.path, line: line) else { return .nothing }
            return note(trace, look)
        }
        for index in listing.lines.indices.prefix(Self.tracedLines) {
            guard let trace = host.trace(of: file.path, line: index + 1) else { continue }
            listing.lines[index].tokens = tokens(of: trace)
        }
        if listing.lines.count > Self.tracedLines {
            listing.footer = .quiet("The first \(Self.tracedLines) lines are traced; `roll blame` traces any.")
        }
        return listing
    }

    /// The line with the values in it marked, as far as they are found in their order.
    private func tokens(of trace: LineTrace) -> [Listing.Token] {
        var rest = trace.text.utf8[...]
        var tokens: [Listing.Token] = []
        for value in trace.values where !value.text.isEmpty {
            guard let range = rest.firstRange(of: Array(value.text.utf8)) else { continue }
            tokens.append(Listing.Token(String(decoding: rest[..<range.lowerBound], as: UTF8.self)))
            tokens.append(Listing.Token(value.text, .tag))
            rest = rest[range.upperBound...]
        }
        return (tokens + [Listing.Token(String(decoding: rest, as: UTF8.self))]).filter { !$0.text.isEmpty }
    }

    /// The template's line, and the settings with where they were set.
    private func note(_ trace: LineTrace, _ look: Look) -> Phrase {
        let template = trace.sources.first.map { source in
            let (release, path) = source.releaseAndPath
            let commit = release.flatMap { look.snapshot.snapshot.revision(ofRelease: $0) } ?? look.snapshot.revision
            return Phrase.link("line \(source.line)", look.links.source(path, at: commit, line: source.line))
        }
        let values = trace.values.map { value in
            guard let setting = value.setting else { return Phrase.code(value.path) }
            return .code(value.path) + .quiet(" from ") + look.links.source(setting.origin.location, of: look.snapshot)
        }
        return ([template].compactMap { $0 } + values).joined(" · ")
    }
}

extension Links {
    /// A path below the prefix as part of an address.
    static func path(_ path: TreePath) -> String { parts(of: path.rawValue).map(encoded).joined(separator: "/") }
}

extension String {
    /// With a capital at its beginning.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
