/// A configuration file with holes for settings, parsed once and rendered for many hosts.
///
/// The language is Mustache (github.com/mustache/spec) without partials, inheritance and lambdas, and
/// strict: a name that is not set is an error where it stands, never an empty string. Docs/templates.md tells users.
public struct Template: Hashable, Sendable {
    /// The path of the file it was read from, as its findings name it.
    public let file: String
    /// The text as UTF-8: literal nodes are ranges of it.
    let source: [UInt8]
    /// Text, values and sections in the order written. The nodes of a section follow it, up to its `end`.
    let nodes: [Node]

    /// Reads a template.
    /// - Returns: The template, or everything that is wrong with its syntax.
    public static func parse(_ text: String, file: String) -> Result<Template, TemplateErrors> {
        parse(text, at: SourceLocation(file: file, line: 1, column: 1))
    }

    /// Reads a template that stands inside another file, such as the address of a health check in a class.
    /// - Parameter start: Where the first character of `text` stands; findings count lines and columns from there.
    public static func parse(_ text: String, at start: SourceLocation) -> Result<Template, TemplateErrors> {
        var parser = TemplateParser(Array(text.utf8), at: start)
        return parser.parse()
    }

    /// Fills the template with values. Parts that a section leaves out are not looked at.
    /// - Parameter scope: Names and their values, a `.map`.
    /// - Returns: The text and where each part of it comes from, or every tag that could not be rendered.
    public func render(
        _ scope: Value, escaping: Escaping = .none, limits: Limits = .standard
    ) -> Result<Rendering, TemplateErrors> {
        var renderer = TemplateRenderer(self, scope: scope, escaping: escaping, limits: limits)
        return renderer.render()
    }

    /// Every name that a tag mentions, as written and in the order written, to answer who reads a setting. Closing
    /// tags and `{{.}}` are left out. Inside a section a name may mean an entry of the section's value instead.
    public var names: [Mention] {
        nodes.compactMap { node in
            guard let name = node.name, !name.parts.isEmpty else { return nil }
            return Mention(name: name.text, location: node.place.location(in: file))
        }
    }
}

extension Template {
    /// What happens to values on their way into the text.
    public enum Escaping: Hashable, Sendable, CaseIterable {
        /// Nothing: `{{x}}`, `{{{x}}}` and `{{&x}}` mean the same. For configuration files.
        case none
        /// `{{x}}` writes `&`, `<`, `>`, `"` and `'` as entities; `{{{x}}}` and `{{&x}}` do not. For pages.
        case html
    }

    /// A name and the tag that mentions it.
    public struct Mention: Hashable, Sendable {
        /// The name as written, dots and all.
        public let name: String
        /// The tag, from its first brace to its last.
        public let location: SourceLocation
    }

    /// How much one rendering may produce, so that lists within lists cannot eat the machine.
    public struct Limits: Hashable, Sendable {
        /// The longest text, in bytes of UTF-8.
        public var outputBytes: Int
        /// How many tags and stretches of text may be rendered, each counted as often as a list repeats it. Bounds
        /// the time, and the memory behind `Rendering.spans`, where a body repeats without writing anything.
        public var steps: Int

        /// Limits of one's own.
        public init(outputBytes: Int, steps: Int) {
            self.outputBytes = outputBytes
            self.steps = steps
        }

        /// 64 MiB and 4 million steps: a hundred times what a large configuration file needs.
        public static let standard = Limits(outputBytes: 64 << 20, steps: 4_000_000)
    }

    /// The deepest that sections may stand in one another.
    public static let maximumDepth = 100
}

/// Everything found wrong with one template, or with one template and the values of one host.
public struct TemplateErrors: Error, Hashable, Sendable {
    /// The findings in reading order; at least one.
    public let diagnostics: [Diagnostic]
}
