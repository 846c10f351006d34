internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// `/source/PATH`: a file of the repository, its lines numbered; with `line=`, who gave that one what it has.
    @Sendable func source(_ call: Call) async throws -> Page {
        let path = call["path"]
        let at = try call.query["at"] ?? call.served().revision.rawValue
        let commit = try await log.commit(at)
        guard let file = try await log.file(path, at: commit) else {
            throw UnknownName("file", path, among: try call.served().files.keys.sorted())
        }
        let links = Links(at: commit.id.description)
        var page = Page(title: path, area: nil)
        page.lead =
            "At commit " + links.commit(commit.revision) + .quiet(" of \(UTCTime(seconds: commit.time).forPeople)")
        page.trail = owner(of: path, links).map { [$0] } ?? []
        guard file.bytes.count <= 4 << 20 else {
            page.sections = [
                Page.Section(
                    "File", [.text("The file has \(ByteCount(Int64(file.bytes.count))), which is too much for a page.")]
                )
            ]
            return page
        }
        var listing = Listing(file: file.bytes, path: path)
        for index in listing.lines.indices {
            let address = links.page(["source"] + parts(of: path), [("line", "\(index + 1)")], anchor: "L\(index + 1)")
            listing.lines[index].link = address
        }
        var blocks: [Block] = []
        if let text = call.query["line"] {
            guard let line = Int(text), listing.lines.indices.contains(line - 1) else {
                throw RequestError.badParameter("line", text, rule: "a number from 1 to \(listing.lines.count)")
            }
            listing.lines[line - 1].kind = .marked
            if let origin = try await log.origin(of: path, line: line, at: commit) {
                blocks.append(
                    .notice(
                        Notice(
                            kind: .info,
                            title: Phrase("Line \(line) comes from commit ") + links.commit(origin.revision)
                                + Phrase(
                                    " by \(origin.author.name), \(UTCTime(seconds: origin.time).forPeople): \(cut(origin.summary, to: 120))"
                                ))))
            }
        } else if !listing.lines.isEmpty {
            blocks.append(.text(.quiet("A line's number leads to the commit that the line comes from.")))
        }
        page.sections = [Page.Section("File", blocks + [.listing(listing)])]
        return page
    }

    /// The page about what a file is of.
    private func owner(of path: String, _ links: Links) -> Phrase? {
        let parts = parts(of: path)
        guard parts.count >= 2 else { return nil }
        let stem =
            parts[1].hasSuffix(".lock.yml")
            ? String(parts[1].dropLast(9)) : parts[1].hasSuffix(".yml") ? String(parts[1].dropLast(4)) : parts[1]
        switch parts[0] {
        case "hosts", "datacenters", "users", "groups": return .code(stem, link: Links(at: nil).page([parts[0], stem]))
        case "hostclasses", "files": return .code(stem, link: Links(at: nil).page(["hostclasses", stem]))
        default: return nil
        }
    }
}
