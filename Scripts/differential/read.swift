// Reads documents with YAMLDocument for Scripts/yaml-differential: each with four bytes of length (big endian) before it,
// from standard input. Prints one line of JSON for each, in the same order.

import Glibc

@main struct ReadDocuments {
    static func main() {
        var input = standardInput()[...]
        var output = ""
        while input.count >= 4 {
            let count = input.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let parse = YAMLDocument.parse([UInt8](input.dropFirst(4).prefix(count)))
            input = input.dropFirst(4 + count)
            output += "{\"problems\":["
            output += parse.problems.map { json("\($0.range.start.line):\($0.range.start.column) \($0.kind)") }
                .joined(separator: ",")
            output += "],\"words\":[" + parse.problems.map { json($0.message) }.joined(separator: ",")
            output += "],\"tree\":"
            if let root = parse.root { write(root, to: &output) } else { output += "null" }
            output += "}\n"
            if output.utf8.count > 1 << 16 {
                print(output, terminator: "")
                output = ""
            }
        }
        print(output, terminator: "")
    }

    private static func standardInput() -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
                count = max(0, read(0, buffer.baseAddress, buffer.count))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }

    /// A list is ["seq", items...], a mapping ["map", [key, value]...], a scalar [kind, text].
    private static func write(_ node: YAMLNode, to output: inout String) {
        switch node.content {
        case .scalar(let scalar): write(scalar, to: &output)
        case .sequence(let items):
            output += "[\"seq\""
            for item in items {
                output += ","
                write(item, to: &output)
            }
            output += "]"
        case .mapping(let entries):
            output += "[\"map\""
            for entry in entries {
                output += ",["
                write(entry.key.scalar, to: &output)
                output += ","
                write(entry.value, to: &output)
                output += "]"
            }
            output += "]"
        }
    }

    private static func write(_ scalar: YAMLScalar, to output: inout String) {
        let (kind, text) =
            switch scalar.resolution {
            case .null: ("null", "")
            case .bool(let value): ("bool", "\(value)")
            case .int(let value): ("int", "\(value)")
            case .float: ("float", scalar.text)
            case .string: ("str", scalar.text)
            case .ambiguous(let ambiguity): ("ambiguous", "\(ambiguity.kind)")
            }
        output += "[\"\(kind)\"," + json(text) + "]"
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
