internal import RollerCore

/// How changes are shown: what both sides are called, where settings' places lead, and how files are laid out.
struct DiffShow: Sendable {
    let titles: (old: String, new: String)
    /// The commit that each side's places are of; nil where they cannot be linked to.
    let old: Places
    let new: Places
    /// Whether files are shown beside each other.
    var isSideBySide = false
    /// As many files as are shown in full.
    var files = 30
    /// As many lines of each.
    var lines = 400

    /// What places in files of one side are of.
    enum Places: Sendable {
        case snapshot(ServedSnapshot)
        /// Of a class as it was at a commit.
        case commit(Revision)
        /// There is nothing on that side.
        case nothing
    }

    private func place(_ side: SettingChange.Side?, of places: Places) -> Phrase {
        guard let side else { return .none }
        let value = Phrase.code(cut(String(decoding: side.value.json(), as: UTF8.self), to: 300))
        let location = side.origin.location
        let place: Phrase
        switch places {
        case .snapshot(let snapshot): place = Links(at: nil).source(location, of: snapshot)
        case .commit(let revision):
            let path = location.releaseAndPath.path
            place = .code(
                "\(path):\(location.line)", link: Links(at: nil).source(path, at: revision, line: location.line))
        case .nothing: place = .quiet("\(location)")
        }
        return value + .quiet("  ") + place
    }

    /// What differs in meaning, then the files.
    func blocks(_ changes: MeaningChanges, effects: [ServiceEffect] = []) -> [Block] {
        var blocks: [Block] = []
        let columns: [Table.Column] = [.init(titles.old), .init(titles.new)]
        if !changes.facts.isEmpty {
            blocks.append(.table(table("Facts", ["Fact"] + columns, changes.facts.map(row))))
        }
        if !effects.isEmpty {
            blocks += [
                .heading("What happens to services"),
                .table(table("Services", ["Service", "What", "Because"], effects.map(row))),
            ]
        }
        if !changes.settings.isEmpty {
            let rows = changes.settings.map {
                [Phrase.code($0.key.rawValue), place($0.old, of: old), place($0.new, of: new)]
            }
            blocks += [.heading("Settings"), .table(table("Settings", ["Setting"] + columns, rows))]
        }
        if !changes.packages.isEmpty {
            blocks += [
                .heading("Packages"), .table(table("Packages", ["Package"] + columns, changes.packages.map(row))),
            ]
        }
        if !changes.access.isEmpty {
            let rows = changes.access.map { change in
                [
                    Links(at: nil).group(change.group), Phrase(change.right.rawValue),
                    change.isGained ? Phrase("gained", .warn) : Phrase("lost", .info),
                ]
            }
            blocks += [.heading("Access"), .table(table("Access", ["Group", "May", "Change"], rows))]
        }
        if !changes.services.isEmpty {
            let rows = changes.services.flatMap(rows)
            blocks += [
                .heading("Definitions of services"),
                .table(table("Definitions of services", ["Service", "Key"] + columns, rows)),
            ]
        }
        let paths = changes.modes + changes.keep
        if !paths.isEmpty {
            blocks += [
                .heading("Modes and kept paths"),
                .table(table("Modes and kept paths", ["Path"] + columns, paths.map(row))),
            ]
        }
        return blocks + fileBlocks(changes.files)
    }

    private func table(_ caption: String, _ columns: [Table.Column], _ rows: [[Phrase]]) -> Table {
        Table(
            caption: caption, columns: columns, rows: Array(rows.prefix(200)),
            footer: rows.count > 200 ? .quiet("and \((rows.count - 200).grouped) more") : .nothing)
    }

    private func row(_ change: TextChange) -> [Phrase] {
        [.code(change.name), change.old.map { .code($0) } ?? .none, change.new.map { .code($0) } ?? .none]
    }

    private func row(_ effect: ServiceEffect) -> [Phrase] {
        let verb: Phrase =
            switch effect.action {
            case .start: Phrase("starts", .info)
            case .stop: Phrase("stops", .warn)
            case .reload: Phrase("reloads", .info)
            case .restart: Phrase(effect.isCertain ? "restarts" : "may restart", .warn)
            }
        return [.code(effect.name.rawValue), verb, Phrase(effect.reason)]
    }

    private func row(_ change: PackageChange) -> [Phrase] {
        let side = { (side: PackageChange.Side?) -> Phrase in
            guard let side else { return .none }
            let builds = side.builds.map { change.isRebuilt ? $0.archive.short : "\($0.size)" }
            return .code(side.version.rawValue) + .quiet(" " + builds.joined(separator: ", "))
        }
        return [.code(change.name.rawValue), side(change.old), side(change.new)]
    }

    private func rows(_ change: ServiceDefinitionChange) -> [[Phrase]] {
        let name = Phrase.code(change.name.rawValue)
        return switch change.presence {
        case .added: [[name, .none, .none, Phrase("added", .good)]]
        case .removed: [[name, .none, Phrase("removed", .bad), .none]]
        case .changed: change.fields.map { [name] + row($0) }
        }
    }

    private func fileBlocks(_ changes: [FileChange]) -> [Block] {
        guard !changes.isEmpty else { return [] }
        var blocks: [Block] = [.heading(Phrase("Files ") + .quiet(changes.count.grouped))]
        for change in changes.prefix(files) { blocks += fileBlocks(change) }
        if changes.count > files {
            blocks.append(
                .list(changes.dropFirst(files).prefix(200).map { .code($0.path) + .quiet(" \($0.presence.rawValue)") }))
            blocks.append(.text(.quiet("Only the first \(files) files are shown line by line.")))
        }
        return blocks
    }

    private func fileBlocks(_ change: FileChange) -> [Block] {
        let kind: Phrase.Kind = change.presence == .added ? .good : change.presence == .removed ? .bad : .info
        var words = Phrase.code(change.path) + " " + Phrase(change.presence.rawValue, kind)
        if let mode = change.mode, change.presence == .changed {
            words = words + .quiet(" mode \(mode.old ?? "none") to \(mode.new ?? "none")")
        }
        switch change.contents {
        case .same: return [.text(words)]
        case .binary(let old, let new):
            let sizes = [old, new].compactMap { $0.map { "\($0)" } }.joined(separator: " to ")
            return [.text(words + .quiet(", not text, \(sizes)"))]
        case .text(let diff):
            let caption = "Changes of \(change.path)"
            return Block.folded(
                words, isOpen: true,
                [
                    isSideBySide
                        ? .twoSides(TwoSides(diff: diff, caption: caption, titles: titles, limit: lines))
                        : .listing(Listing(diff: diff, caption: caption, limit: lines))
                ])
        }
    }
}
