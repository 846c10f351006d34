import RollerCore
import Testing

/// Places below the prefix, and what would leave it.
struct TreePathTests {
    @Test(arguments: ["bin/nginx", "a", "a b/c", "ä/ö", "a\\b", "...", "a/..b", ".profile", ".rollers", "a/.roller"])
    func placesInTheTreeAreTaken(_ text: String) { #expect(TreePath(text)?.rawValue == text) }

    @Test(arguments: [
        "", "/", "/etc", "etc/", "a//b", ".", "..", "a/.", "a/./b", "a/../b", "../a", "a\nb", "a\tb", "a\u{7f}", "a\0b",
        "a\u{1b}[2J", ".roller", ".roller/generation.json", String(repeating: "a", count: 256),
        Array(repeating: "abcdefg", count: 600).joined(separator: "/"),
    ])
    func otherTextIsNoPlace(_ text: String) { #expect(TreePath(text) == nil) }

    /// A combining mark joins the slash before it to one character, and is a name of its own to the kernel all the same.
    @Test func aCombiningMarkHidesNoSlash() throws {
        #expect(TreePath(".roller/\u{301}") == nil)
        #expect(TreePath("../\u{301}") == nil)
        let path = try #require(TreePath("etc/\u{301}x/y"))
        #expect(path.ancestors.map(\.rawValue) == ["etc", "etc/\u{301}x"])
        #expect(path.name == "y")
        #expect(TreePath("etc/\u{301}x")?.parent?.rawValue == "etc")
        #expect(TreePath("etc/\u{301}x")?.name == "\u{301}x")
    }

    @Test(arguments: [
        ("a/b", "a/b", true), ("a/b/c", "a/b", true), ("a/bc", "a/b", false), ("a", "a/b", false), ("ab", "a", false),
        ("a/\u{301}b", "a", true), ("é", "e", false),
    ])
    func belowIsByComponents(_ path: String, _ other: String, _ expected: Bool) throws {
        #expect(try #require(TreePath(path)).isAtOrBelow(try #require(TreePath(other))) == expected)
    }

    /// As strings they are equal, and to the kernel they are two names.
    @Test func normalFormsOfOneTextAreTwoPaths() throws {
        let (composed, decomposed) = (try #require(TreePath("caf\u{e9}")), try #require(TreePath("cafe\u{301}")))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect((composed < decomposed) == composed.rawValue.utf8.lexicographicallyPrecedes(decomposed.rawValue.utf8))
        #expect(decomposed < composed)
    }

    @Test func aPathKnowsWhatIsAboveIt() throws {
        let path = try #require(TreePath("a/b/c"))
        #expect(path.ancestors.map(\.rawValue) == ["a", "a/b"])
        #expect(path.name == "c")
        #expect(TreePath("a")?.parent == nil)
        #expect(TreePath("a")?.ancestors == [])
    }
}
