extension YAMLProblem {
    /// libyaml's failure in words for someone who writes configuration, not parsers.
    /// - Parameter scalars: What was read before, in which tabs are no mistake.
    init(_ failure: ReadingFailure, in source: SourceText, tabsAllowedIn scalars: [NotedScalar]) {
        self = SyntaxWording(failure, source, scalars).problem
    }
}

/// Finds out what most likely happened where libyaml stopped.
private struct SyntaxWording {
    private let failure: ReadingFailure
    private let source: SourceText
    private let scalars: [NotedScalar]
    private let position: YAMLPosition
    private let isAtEnd: Bool
    private let began: YAMLPosition

    init(_ failure: ReadingFailure, _ source: SourceText, _ scalars: [NotedScalar]) {
        self.failure = failure
        self.source = source
        self.scalars = scalars
        // At the end of a text without a final line end, libyaml's mark stands in a line that is not there.
        let end = source.end
        position = min(failure.position, end)
        isAtEnd = failure.position >= end
        began = failure.contextPosition ?? failure.position
    }

    var problem: YAMLProblem {
        if failure.isOutOfMemory {
            return make("there is no memory to read the file", at: position, kind: .outOfMemory)
        }
        if let tab { return .tab(at: tab, indents: source.indentingTab(inLineOf: tab) == tab) }
        switch failure.context {
        case "while scanning a quoted scalar", "while parsing a quoted scalar": return quotedScalar
        case "while scanning an alias", "while scanning an anchor": return name
        case "while scanning a block scalar": return blockHeader
        case "while scanning a simple key": return lonelyWord
        case "while scanning a plain scalar":
            return make(
                "a ':' ends a text inside '[ ]' or '{ }'", at: position,
                hint: "put a blank behind the ':', or put the text in quotes")
        case "while parsing a block mapping": return blockMapping
        case "while parsing a block collection": return blockSequence
        case "while parsing a flow sequence": return flow(open: "[", close: "]", what: "list")
        case "while parsing a flow mapping": return flow(open: "{", close: "}", what: "mapping")
        case let context where context.contains("directive"): return directive
        case let context where context.hasSuffix("a tag"): return tag
        default: return withoutContext
        }
    }

    private var withoutContext: YAMLProblem {
        switch failure.problem {
        case "mapping values are not allowed in this context": strayColon
        case "block sequence entries are not allowed in this context":
            make(
                "a list with '-' cannot begin here", at: position,
                hint: "put each '- ' on a line of its own below the key, or write the list as [a, b]")
        case "found character that cannot start any token", "did not find expected node content": badStart
        case "mapping keys are not allowed in this context":
            make("'?' cannot stand here", at: position, hint: "put the text in quotes")
        case "did not find expected <document start>": surplus
        case "found undefined tag handle": tag
        case let problem where problem.contains("directive") || problem.contains("YAML document"): directive
        default: make("this is not YAML: \(failure.problem)", at: position)
        }
    }

    /// The tab that libyaml stumbled over, or that made it misread the indentation.
    private var tab: YAMLPosition? {
        if failure.context.contains("quoted scalar") { return nil }
        if source.scalar(at: position) == "\t" { return position }
        let candidates = [source.indentingTab(inLineOf: position), source.indentingTab(inLineOf: began)]
        return candidates.compactMap(\.self).first { tab in !scalars.contains { $0.holds(tab) } }
    }

    private var quotedScalar: YAMLProblem {
        switch failure.problem {
        case "found unexpected end of stream", "found unexpected document indicator":
            return make(
                "the quote that opens here is not closed", at: began, hint: "write the closing quote",
                related: related(position, "the text ends here"))
        case "found unknown escape character":
            let escaped = source.scalar(at: position.advanced(columns: 1)).map { String($0) } ?? ""
            return make(
                "\(quoted("\\" + escaped)) is no escape of YAML", at: position, columns: 2,
                hint: "write \\\\ for a backslash, or use single quotes, in which it needs no escape")
        default:
            return make(
                "the escape is not a character", at: position,
                hint: "write \\xHH, \\uHHHH or \\UHHHHHHHH with hexadecimal digits")
        }
    }

    private var name: YAMLProblem {
        let mark = failure.context.hasSuffix("alias") ? "*" : "&"
        return make(
            "a name of letters, digits, '-' and '_' must follow '\(mark)'", at: began,
            hint: "put the value in quotes if '\(mark)' is part of the text")
    }

    private var blockHeader: YAMLProblem {
        make(
            "only a digit from 1 to 9, '+', '-' or a comment may follow '|' or '>'", at: began,
            hint: "begin the text on the next line, or put the value in quotes")
    }

    /// A line of a mapping without a colon.
    private var lonelyWord: YAMLProblem {
        let rest = source.line(at: began).dropFirst(began.column - 1)
        let hasColon = rest.dropFirst().contains(":")
        return make(
            "\(quoted(trimmed(rest))) is no key with a value", at: began, columns: trimmed(rest).unicodeScalars.count,
            hint: hasColon
                ? "put a blank behind the ':'" : "write 'key: value', or indent the line if it continues a text")
    }

    private var blockMapping: YAMLProblem {
        let mapping = related(began, "the mapping begins here")
        guard source.firstWord(inLineOf: position) == position else {
            return make(
                "more text follows the value", at: position,
                hint: "put the whole value in quotes; inside '...' a quote is written ''", related: mapping)
        }
        guard position.column != began.column else {
            return make(
                "a key is expected here", at: position, hint: "write 'key: value'; a list cannot stand beside keys",
                related: mapping)
        }
        return make(
            "the line's indentation fits none of the mappings above", at: position,
            hint: "begin all keys of a mapping in the same column", related: mapping)
    }

    private var blockSequence: YAMLProblem {
        make(
            "the line fits no item of the list above", at: position,
            hint: "begin all items of a list with '- ' in the same column",
            related: related(began, "the list begins here"))
    }

    private func flow(open: Character, close: Character, what: String) -> YAMLProblem {
        guard source.scalar(at: began)?.value == open.unicodeScalars.first?.value else { return badStart }
        if isAtEnd {
            return make(
                "the '\(open)' that opens here is not closed", at: began, hint: "close the \(what) with '\(close)'",
                related: related(position, "the text ends here"))
        }
        return make(
            "a ',' or the closing '\(close)' of a \(what) is missing before this", at: position,
            hint: "close the \(what) with '\(close)', or put the value in quotes if '\(open)' is part of the text",
            related: related(began, "the \(what) begins here"))
    }

    private var strayColon: YAMLProblem {
        let before = source.line(at: position).prefix(position.column - 1)
        if before.contains(":") {
            return make(
                "a second ': ' stands in one line", at: position,
                hint: "put the value in quotes if ': ' is part of the text")
        }
        return make(
            "a key stands where the value above it goes on", at: position,
            hint: "begin the key in the same column as the other keys of its mapping")
    }

    private var surplus: YAMLProblem {
        guard source.firstWord(inLineOf: position) == position else {
            return make(
                "more text follows the document's end", at: position, hint: "remove it, or put all of it in quotes")
        }
        return make(
            "the document ends above, and more text follows", at: position,
            hint: "begin all keys of the file in the same column, each with ': ' behind it")
    }

    private var badStart: YAMLProblem {
        guard let scalar = source.scalar(at: position) else {
            return make(
                "a value is missing here", at: position, columns: 0, hint: "write the value, and close '[' and '{'")
        }
        return make(
            "\(quoted(String(scalar))) cannot begin a value", at: position,
            hint: "put the value in quotes if \(quoted(String(scalar))) is part of the text")
    }

    private var directive: YAMLProblem {
        make(
            "the line begins with '%', as directives of YAML do", at: began, kind: .directive,
            hint: "remove the line, or put the text in quotes")
    }

    private var tag: YAMLProblem {
        make(
            "'!' begins a tag", at: began, kind: .explicitTag,
            hint: "put the value in quotes if '!' is part of the text")
    }

    private func make(
        _ message: String, at position: YAMLPosition, columns: Int = 1, kind: YAMLProblem.Kind = .syntax,
        hint: String? = nil, related: YAMLProblem.Related? = nil
    ) -> YAMLProblem {
        // At the end of a line, or of the text, there is nothing to underline.
        let width = source.scalar(at: position) == nil ? 0 : columns
        return YAMLProblem(
            kind: kind, range: YAMLRange(at: position, columns: width), message: message, hint: hint, related: related)
    }

    private func related(_ position: YAMLPosition, _ message: String) -> YAMLProblem.Related {
        .init(range: YAMLRange(at: position), message: message)
    }

    private func trimmed(_ text: Substring.UnicodeScalarView) -> String {
        var text = text
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
