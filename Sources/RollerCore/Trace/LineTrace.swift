internal import OrderedCollections

/// Whence one line of a file on a host comes.
public struct LineTrace: Hashable, Sendable {
    /// The line, without its line feed.
    public let text: String
    /// The lines of the class's file that wrote it, in order; one of them unless a section or a value spans lines.
    public let sources: [SourceLocation]
    /// The values in it, in order.
    public let values: [ShownValue]

    /// The sections of the template that the line stands in, the outermost first.
    public let sections: [EnteredSection]

    /// A section, and what put its text there.
    public struct EnteredSection: Hashable, Sendable {
        /// Its opening tag, as in `{{^tls}}`.
        public let tag: String
        /// Where that stands.
        public let place: SourceLocation
        /// The setting that its name is of; nil for a name within a value, and for what Roller itself knows.
        public let setting: EffectiveSetting?
    }

    /// A value that a line shows.
    public struct ShownValue: Hashable, Sendable {
        /// The path to it, such as `tls.port` or `upstreams[0]`.
        public let path: String
        /// As it stands in the line.
        public let text: String
        /// The setting that it is of; nil for what Roller itself knows, such as `roller.host`.
        public let setting: EffectiveSetting?
    }
}

extension ResolvedHost {
    /// Whence a line of one of the class's files comes.
    /// - Parameter line: From 1.
    /// - Returns: Nil when the class brings no such file, or it has no such line.
    public func trace(of path: TreePath, line: Int) -> LineTrace? {
        guard let file = files.first(where: { $0.path == path }),
            let source = release.tree.files.first(where: { $0.path == path })?.source
        else { return nil }
        let setting = { (path: String) in settings.first { path.isWithin($0.key) } }
        return LineTrace(of: file, from: source, line: line, setting: setting) { setting($0)?.value }
    }
}

extension Bundle {
    /// Whence a line of one of the class's files comes, as far as a host knows: the class's file and the values, but not
    /// where in the repository a value was set.
    /// - Parameters:
    ///   - file: One of those that `renderFiles` makes.
    ///   - line: From 1.
    /// - Returns: Nil when the bundle brings no such file, or it has no such line.
    public func trace(of file: RenderedFile, line: Int) -> LineTrace? {
        guard let own = files.first(where: { $0.path == file.path }) else { return nil }
        return LineTrace(of: file, from: source(of: own), line: line) { _ in
            nil
        } value: { name in
            guard case .map(let values) = settings else { return nil }
            return values.elements.first { key, _ in SettingKey(key).map(name.isWithin) ?? false }?.value
        }
    }
}

extension LineTrace {
    /// - Parameters:
    ///   - source: The class's file.
    ///   - setting: The setting that a path leads into, with its origin where that is known.
    ///   - value: The value of the setting that a path leads into.
    fileprivate init?(
        of file: RenderedFile, from source: String, line: Int, setting: (String) -> EffectiveSetting?,
        value: (String) -> Value?
    ) {
        guard let text = file.bytes.line(line) else { return nil }
        guard let rendering = file.rendering else {
            self.init(
                text: text, sources: [SourceLocation(file: source, line: line, column: 1)], values: [], sections: [])
            return
        }
        let spans = rendering.origin(ofLine: line)
        var lines: Set<Int> = []
        let sources = spans.map(\.origin).filter { lines.insert($0.line).inserted }
        let bytes = Array(rendering.text.utf8)
        let values = spans.compactMap { span in
            span.setting.map { path in
                ShownValue(path: path, text: String(decoding: bytes[span.range], as: UTF8.self), setting: setting(path))
            }
        }
        let sections = rendering.sections(aroundLine: line) { name in
            if case .bool = value(name) { false } else { true }
        }.map { section in
            EnteredSection(
                tag: section.tag, place: section.place, setting: section.isOfSettings ? setting(section.name) : nil)
        }
        self.init(text: text, sources: sources, values: values, sections: sections)
    }
}

extension String {
    /// Whether a path, such as `upstreams[0].name`, leads into the value of a setting.
    fileprivate func isWithin(_ key: SettingKey) -> Bool {
        utf8.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }.elementsEqual(key.rawValue.utf8)
    }
}

extension [UInt8] {
    /// A line without its line feed, bytes that are no UTF-8 repaired; nil when there is none of that number.
    fileprivate func line(_ number: Int) -> String? {
        guard number >= 1 else { return nil }
        let lines = split(separator: 0x0a, maxSplits: number, omittingEmptySubsequences: false)
        guard lines.count >= number, number < lines.count || !lines[number - 1].isEmpty else { return nil }
        return String(decoding: lines[number - 1], as: UTF8.self)
    }
}
