extension MeaningChanges {
    /// These changes for people, each line indented by two blanks, then the files' diffs as they are.
    /// - Parameter effects: What happens to services, with a title of its own.
    func text(_ details: DiffDetails, effects: [ServiceEffect] = []) -> String {
        var out = section(nil, facts.map { "\($0.name): \($0.arrow)" })
        out += section("settings", settings.flatMap(\.lines))
        out += section("packages", packages.map(\.line))
        out += section("services", services.flatMap(\.lines))
        out += section("what happens to services", effects.map(\.line))
        out += section("keep", keep.map { "\($0.new == nil ? "-" : "+") \($0.name)" })
        out += section("modes", modes.map { "\($0.name): \($0.arrow)" })
        out += section("access", access.map { "\($0.isGained ? "+" : "-") \($0.right.rawValue) \($0.group)" })
        out += section("files", files.map(\.line))
        switch details {
        case .full:
            for file in files {
                if case .text(let diff) = file.contents { out += visible(diff) }
            }
        case .stat, .essence: break
        }
        return out
    }

    private func section(_ title: String?, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        let indent = title == nil ? "  " : "    "
        return (title.map { "  \($0)\n" } ?? "") + lines.map { indent + oneLine($0) + "\n" }.joined()
    }
}

extension HostDiff {
    /// What differs, for people: lines of meaning, then unified diffs.
    public func text(_ details: DiffDetails = .full) -> String { changes.text(details, effects: services) }

    /// What became of the host, to follow its name.
    public var standingInWords: String {
        switch standing {
        case .changed: "changed"
        case .added: "new"
        case .removed: "gone from the repository; the machine stays as it is"
        case .broken: "has errors now, and gets no bundle; `rollerctl lint` shows them"
        case .mended: "had errors, and gets a bundle now"
        }
    }
}

extension TextChange {
    fileprivate var arrow: String {
        switch (old, new) {
        case (let old?, let new?): "\(old) -> \(new)"
        case (nil, let new?): "+ \(new)"
        case (let old?, nil): "- \(old)"
        case (nil, nil): ""
        }
    }
}

extension SettingChange {
    /// The values, and below them who said them.
    fileprivate var lines: [String] {
        switch (old, new) {
        case (let old?, let new?):
            [
                "\(key): \(old.text) -> \(new.text)",
                old.origin == new.origin
                    ? "  \(new.origin.location)" : "  \(old.origin.location) -> \(new.origin.location)",
            ]
        case (nil, let new?): ["\(key): + \(new.text)", "  \(new.origin.location)"]
        case (let old?, nil): ["\(key): - \(old.text)", "  \(old.origin.location)"]
        case (nil, nil): []
        }
    }
}

extension SettingChange.Side {
    fileprivate var text: String { String(decoding: value.json(), as: UTF8.self) }
}

extension PackageChange {
    fileprivate var line: String {
        switch (old, new) {
        case (let old?, let new?) where old.version == new.version:
            "\(name): \(new.version), other bytes: \(old.digests) -> \(new.digests)"
        case (let old?, let new?): "\(name): \(old.version) -> \(new.version)\(new.size)"
        case (nil, let new?): "\(name): + \(new.version)\(new.size)"
        case (let old?, nil): "\(name): - \(old.version)"
        case (nil, nil): ""
        }
    }
}

extension PackageChange.Side {
    fileprivate var digests: String {
        builds.isEmpty ? "not locked" : builds.map { "\($0.platform) \($0.archive.short)" }.joined(separator: ", ")
    }
    fileprivate var size: String {
        builds.isEmpty ? "" : "  (\(builds.map { "\($0.size)" }.joined(separator: ", ")))"
    }
}

extension ServiceDefinitionChange {
    fileprivate var lines: [String] {
        switch presence {
        case .added: ["+ \(name)"]
        case .removed: ["- \(name)"]
        case .changed: fields.map { "\(name): \($0.name): \($0.arrow)" }
        }
    }
}

extension ServiceEffect {
    fileprivate var line: String {
        let verb =
            switch action {
            case .start: "starts"
            case .stop: "stops"
            case .reload: "reloads"
            case .restart: isCertain ? "restarts" : "may restart"
            }
        return "\(name) \(verb): \(reason)"
    }
}

extension FileChange {
    fileprivate var line: String {
        let mark =
            switch presence {
            case .added: "+"
            case .removed: "-"
            case .changed: "~"
            }
        var words = "\(mark) \(path)"
        switch contents {
        case .same: break
        case .text:
            let lines = lineCounts
            words += "  (+\(lines.added) -\(lines.removed))"
        case .binary(let old, let new):
            let sizes = [old, new].compactMap { $0.map { "\($0)" } }
            words += "  (binary, \(sizes.joined(separator: " -> ")))"
        }
        if let mode, presence == .changed { words += "  mode \(mode.old ?? "") -> \(mode.new ?? "")" }
        return words
    }
}

/// `text` with nothing in it that a terminal would act on; the line breaks and tabs of files stay.
private func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { steersTerminals($0) && $0 != "\n" && $0 != "\t" }) else { return text }
    return text.unicodeScalars.map { scalar in
        steersTerminals(scalar) && scalar != "\n" && scalar != "\t"
            ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }.joined()
}

/// `text` with nothing in it that would begin another line either.
private func oneLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steersTerminals) else { return text }
    return text.unicodeScalars.map { steersTerminals($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
}

/// Control characters, line separators, and the controls of writing direction (Unicode TR 9).
private func steersTerminals(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
}
