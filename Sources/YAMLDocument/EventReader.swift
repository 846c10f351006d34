internal import CLibYAML  // the package's only import of it

/// One step of a document, as libyaml's parser gives it, with nothing left in C's memory.
enum Event {
    case stream
    case documentStart(YAMLRange, hasDirectives: Bool)
    case documentEnd
    case streamEnd
    case alias(String, YAMLRange)
    case scalar(YAMLScalar, Properties)
    case sequenceStart(Properties, isFlow: Bool)
    case mappingStart(Properties, isFlow: Bool)
    /// The end of the innermost sequence or mapping.
    case collectionEnd(YAMLRange)

    struct Properties {
        let range: YAMLRange
        let anchor: String?
        let tag: String?
    }
}

/// Why libyaml stopped reading.
struct ReadingFailure: Error {
    let isOutOfMemory: Bool
    /// libyaml's own words: "did not find expected key". They are constants of its source, never text of the file.
    let problem: String
    /// What it was doing: "while parsing a block mapping". May be empty.
    let context: String
    let position: YAMLPosition
    /// Where that began. Nil when there is no context.
    let contextPosition: YAMLPosition?
}

/// libyaml's event parser on one text.
struct EventReader: ~Copyable {
    // On the heap: once it has its input, a parser holds its own address, so that it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    private let isReady: Bool

    /// The bytes must outlive the reader. They are taken for UTF-8, and must hold neither NUL nor a byte order mark.
    init(_ start: UnsafePointer<UInt8>, count: Int) {
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        event.initialize(to: yaml_event_t())
        // On failure the parser is all zero, which yaml_parser_delete takes; nothing may be read from it, though.
        isReady = yaml_parser_initialize(parser) == 1
        if isReady {
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, start, count)
        }
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        event.deallocate()
    }

    /// The next step. After a failure, and after the stream's end, there is no next one.
    mutating func next() throws(ReadingFailure) -> Event {
        guard isReady, yaml_parser_parse(parser, event) == 1 else { throw failure() }
        defer { yaml_event_delete(event) }
        return convert(event.pointee)
    }

    private func convert(_ event: yaml_event_t) -> Event {
        let range = YAMLRange(start: YAMLPosition(event.start_mark), end: YAMLPosition(event.end_mark))
        switch event.type {
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
            let scalar = YAMLScalar(text: String(decoding: bytes, as: UTF8.self), style: .init(data.style))
            return .scalar(scalar, .init(range: range, anchor: string(data.anchor), tag: string(data.tag)))
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            let properties = Event.Properties(range: range, anchor: string(data.anchor), tag: string(data.tag))
            return .sequenceStart(properties, isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            let properties = Event.Properties(range: range, anchor: string(data.anchor), tag: string(data.tag))
            return .mappingStart(properties, isFlow: data.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd(range)
        case YAML_ALIAS_EVENT: return .alias(string(event.data.alias.anchor) ?? "", range)
        case YAML_DOCUMENT_START_EVENT:
            let data = event.data.document_start
            let hasDirectives = data.version_directive != nil || data.tag_directives.start != data.tag_directives.end
            return .documentStart(range, hasDirectives: hasDirectives)
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_START_EVENT: return .stream
        default: return .streamEnd  // YAML_STREAM_END_EVENT, and YAML_NO_EVENT behind it
        }
    }

    private func failure() -> ReadingFailure {
        let parser = self.parser.pointee
        return ReadingFailure(
            isOutOfMemory: !isReady || parser.error == YAML_MEMORY_ERROR,
            problem: parser.problem.map { String(cString: $0) } ?? "",
            context: parser.context.map { String(cString: $0) } ?? "",
            position: YAMLPosition(parser.problem_mark),
            contextPosition: parser.context == nil ? nil : YAMLPosition(parser.context_mark))
    }

    private func string(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}

extension YAMLPosition {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}

extension YAMLScalar.Style {
    fileprivate init(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: self = .literal
        case YAML_FOLDED_SCALAR_STYLE: self = .folded
        default: self = .plain
        }
    }
}
