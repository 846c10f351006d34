/// How a live tree differs from what its generation was made as: what somebody did to it since.
public struct Drift: Hashable, Sendable, Codable {
    /// Each difference, by path; a path may have several.
    public let findings: [Finding]

    /// One difference.
    public struct Finding: Hashable, Sendable, Codable, Comparable {
        /// Where, below the prefix. What was found may have any name, so it is no `TreePath`.
        public let path: String
        /// What differs.
        public let kind: Kind
        /// What should be there, in words.
        public let expected: String?
        /// What is there, in words; for contents their digest.
        public let found: String?
        /// Who brought the path; nil for what nobody brought.
        public let source: String?

        /// A difference.
        public init(
            path: String, kind: Kind, expected: String? = nil, found: String? = nil, source: String? = nil
        ) {
            self.path = path
            self.kind = kind
            self.expected = expected
            self.found = found
            self.source = source
        }

        public static func < (a: Finding, b: Finding) -> Bool {
            a.path == b.path ? a.kind.rawValue < b.kind.rawValue : a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
        }
    }

    /// What can differ at a path.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A file has other contents.
        case modified
        /// Nothing is there.
        case missing
        /// Something is there that no generation brought.
        case extra
        /// Something of another kind is there.
        case replaced
        /// The permission bits are others.
        case mode
        /// It belongs to somebody else.
        case owner
        /// A symlink leads elsewhere.
        case target
        /// A file has other extended attributes, such as capabilities, than its package says.
        case attribute
    }

    /// The differences, which come out sorted.
    public init(_ findings: [Finding] = []) { self.findings = findings.sorted() }

    /// Whether the tree is as it was made.
    public var isEmpty: Bool { findings.isEmpty }

    /// How many differences there are of each kind that occurs, in words: "2 modified, 1 extra".
    public var summary: String {
        Kind.allCases.compactMap { kind in
            let count = findings.count { $0.kind == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)"
        }.joined(separator: ", ")
    }
}

extension Drift.Finding {
    /// One line for people: `modified  etc/app.conf (the class's files)`.
    public var line: String {
        let padding = String(repeating: " ", count: 10 - kind.rawValue.utf8.count)
        let what =
            switch kind {
            case .modified, .missing: ""
            case .extra: found.map { ", \($0)" } ?? ""
            case .replaced, .mode, .owner, .target, .attribute: ": is \(found ?? "?"), was made \(expected ?? "?")"
            }
        return "\(kind.rawValue)\(padding)\(path)\(what)\(source.map { " (\($0))" } ?? "")"
    }
}
