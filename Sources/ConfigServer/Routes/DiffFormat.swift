internal import HTTPTypes

/// How a comparison is shown: as other views are, or as text for terminals.
enum DiffFormat: Hashable, Sendable {
    /// For people, as `rollerctl diff` prints it.
    case text
    /// For programs.
    case value(Format)

    /// What a request asks for: `?format=` if it is there, else text where Accept prefers it, else what other views take.
    init(_ call: Call) throws(RequestError) {
        if let parameter = call.query["format"] {
            if parameter == "text" {
                self = .text
                return
            }
            guard let format = Format(rawValue: parameter) else {
                throw .badParameter("format", parameter, rule: "yaml, json or text")
            }
            self = .value(format)
            return
        }
        let items = call.headers[.accept].map { WeightedList($0).items } ?? []
        let weight = { (types: [String]) in items.filter { types.contains($0.name) }.map(\.weight).max() ?? 0 }
        let text = weight(["text/plain"])
        let values = weight(Format.allCases.map(\.mediaType) + ["application/x-yaml", "text/yaml"])
        self = text > values ? .text : .value(try call.format())
    }

    /// The media type of what is shown.
    var mediaType: String {
        switch self {
        case .text: "text/plain; charset=utf-8"
        case .value(let format): format.mediaType
        }
    }
}
