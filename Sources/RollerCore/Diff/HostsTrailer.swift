/// The `Roller-Hosts: N` trailer of a commit message: its author's word for how many hosts the commit touches.
public enum HostsTrailer: Hashable, Sendable {
    /// There is none.
    case missing
    /// It says a number.
    case says(Int)
    /// It is there, and says no number, or several.
    case unreadable(String)

    /// Its key.
    public static let key = "Roller-Hosts"

    /// Reads the trailers of a commit message as git-interpret-trailers(1) does: the last paragraph but the first, when
    /// all its lines are trailers, or when one was written by git itself and at least a quarter are.
    public init(message: String) {
        let values = trailers(of: message).filter { $0.key.lowercased() == HostsTrailer.key.lowercased() }.map(\.value)
        guard let value = values.first else {
            self = .missing
            return
        }
        guard values.allSatisfy({ $0 == value }), value.utf8.allSatisfy(NameBytes.isDigit), let number = Int(value)
        else {
            self = .unreadable(values.joined(separator: ", "))
            return
        }
        self = .says(number)
    }
}

private func trailers(of message: String) -> [(key: String, value: String)] {
    // By bytes, since CR LF is one character to Swift.
    let lines = message.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
    let isBlank = { (line: String) in line.allSatisfy { $0 == " " || $0 == "\t" } }
    let trimmed = lines.reversed().drop(while: isBlank).reversed()
    guard let gap = Array(trimmed).lastIndex(where: isBlank) else { return [] }
    var found: [(key: String, value: String)] = []
    var others = 0
    var isByGit = false
    for line in Array(trimmed)[(gap + 1)...] {
        if line.hasPrefix(" ") || line.hasPrefix("\t"), !found.isEmpty {
            found[found.count - 1].value += " " + trim(line)
        } else if line.hasPrefix("(cherry picked from commit ") {
            isByGit = true
        } else if let colon = line.firstIndex(of: ":"), isKey(line[..<colon]) {
            isByGit = isByGit || line.hasPrefix("Signed-off-by: ")
            found.append((trim(String(line[..<colon])), trim(String(line[line.index(after: colon)...]))))
        } else {
            others += 1
        }
    }
    return others == 0 || (isByGit && found.count * 3 >= others) ? found : []
}

private func isKey(_ text: Substring) -> Bool {
    let key = trim(String(text))
    return !key.isEmpty && key.utf8.allSatisfy { NameBytes.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
}

private func trim(_ text: String) -> String {
    let isSpace = { (c: Character) in c == " " || c == "\t" }
    return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
}
