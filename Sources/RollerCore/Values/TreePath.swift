/// A path below the prefix: `etc/nginx/nginx.conf`. It names a place inside the tree and cannot leave it.
public struct TreePath: ValidatedText {
    public static let rule =
        "a path below the prefix: no leading or doubled slash, no `.` or `..`, no control characters, not below .roller"
    public let rawValue: String
    public init?(rawValue: String) {
        guard (1...4095).contains(rawValue.utf8.count),
            !rawValue.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else { return nil }
        // By bytes throughout, as the kernel does: to Swift a slash and a combining mark behind it are one character.
        let parts = rawValue.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for part in parts {
            guard (1...255).contains(part.count), !part.elementsEqual(".".utf8), !part.elementsEqual("..".utf8) else {
                return nil
            }
        }
        guard parts.first?.elementsEqual(".roller".utf8) == false else { return nil }
        self.rawValue = rawValue
    }

    // By bytes, as the kernel tells names apart: as strings, two normal forms of one text are equal.

    public static func == (a: TreePath, b: TreePath) -> Bool { a.rawValue.utf8.elementsEqual(b.rawValue.utf8) }

    public static func < (a: TreePath, b: TreePath) -> Bool {
        a.rawValue.utf8.lexicographicallyPrecedes(b.rawValue.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
        hasher.combine(0xff as UInt8)  // no byte of UTF-8, so that what is hashed next stays apart
    }

    /// Whether this is `other` or lies below it.
    public func isAtOrBelow(_ other: TreePath) -> Bool {
        guard rawValue.utf8.starts(with: other.rawValue.utf8) else { return false }
        return rawValue.utf8.count == other.rawValue.utf8.count
            || rawValue.utf8[rawValue.utf8.index(rawValue.utf8.startIndex, offsetBy: other.rawValue.utf8.count)]
                == UInt8(ascii: "/")
    }

    /// The directory this lies in, or nil for a path of one component.
    public var parent: TreePath? {
        lastSlash.flatMap { String(rawValue.utf8[..<$0]) }.flatMap { TreePath(rawValue: $0) }
    }

    /// The directories above this, outermost first.
    public var ancestors: [TreePath] {
        var found: [TreePath] = []
        var next = parent
        while let path = next {
            found.append(path)
            next = path.parent
        }
        return found.reversed()
    }

    /// The last component.
    public var name: String {
        lastSlash.flatMap { String(rawValue.utf8[rawValue.utf8.index(after: $0)...]) } ?? rawValue
    }

    private var lastSlash: String.Index? { rawValue.utf8.lastIndex(of: UInt8(ascii: "/")) }
}
