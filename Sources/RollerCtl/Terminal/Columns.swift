import ArgumentParser

/// How a list or an answer is shown: every command that prints one has `--format`.
enum ListFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case text
    /// One object, for scripts.
    case json
}

/// Rows below one another, each column as wide as its widest cell. The last column is not padded, and a line that would
/// not fit into 80 columns goes on below, so that nothing is cut.
func columns(_ rows: [[String]], indent: String = "  ") -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
        rows.filter { $0.count > column + 1 }.map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    return rows.map { row in
        let line = row.enumerated().map { column, cell in
            column == row.count - 1 ? cell : cell + spaces(widths[column] - cell.unicodeScalars.count)
        }.joined(separator: "  ")
        if indent.count + line.unicodeScalars.count <= 80 || row.count < 2 { return indent + line + "\n" }
        let head = row.dropLast().enumerated().map { column, cell in
            column == row.count - 2 ? cell : cell + spaces(widths[column] - cell.unicodeScalars.count)
        }.joined(separator: "  ")
        return indent + head + "\n" + indent + "    " + (row.last ?? "") + "\n"
    }.joined()
}

private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
