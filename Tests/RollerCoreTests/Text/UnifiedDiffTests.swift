import Glibc
import RollerCore
import Testing

/// Our diffs against those of the diff command.
struct UnifiedDiffTests {
    @Test func equalTextsHaveNoDiff() {
        #expect(unifiedDiff("", "", name: "f") == "")
        #expect(unifiedDiff("a\n", "a\n", name: "f") == "")
    }

    @Test func theHeaderNamesBothSides() {
        #expect(unifiedDiff("a\n", "b\n", name: "etc/f") == "--- a/etc/f\n+++ b/etc/f\n@@ -1 +1 @@\n-a\n+b\n")
    }

    /// Lines that occur once leave no choice, so every diff is the same.
    @Test(arguments: [
        ("", "a\n"), ("a\n", ""), ("", "a"), ("a", ""), ("a", "a\n"), ("a\n", "a"), ("a", "b"), ("\n", ""),
        ("a\n\n", "a\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n"), ("a\r\n", "a\n"), ("e\u{301}\n", "é\n"),
        ("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nE\nf\ng\nh\n"),
        ("a\u{2028}b\n", "a\u{2028}c\n"), ("x", "x\ny"), ("x\ny", "x"), ("a\nb", "c\nb"),
    ])
    func smallDiffsAreThoseOfDiff(_ old: String, _ new: String) throws {
        #expect(body(unifiedDiff(old, new, name: "f")) == body(try diffCommand(old, new)))
    }

    @Test func generatedDiffsAreThoseOfDiff() throws {
        var generator = TemplateSeededGenerator(seed: 3)
        for round in 0..<60 {
            let old = (0..<Int.random(in: 0...40, using: &generator)).map { "line \($0)" }
            var new = old
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                if !new.isEmpty, Bool.random(using: &generator) {
                    new.remove(at: Int.random(in: 0..<new.count, using: &generator))
                } else {
                    new.insert("new \(generator.next())", at: Int.random(in: 0...new.count, using: &generator))
                }
            }
            let (a, b) = (text(old, &generator), text(new, &generator))
            #expect(body(unifiedDiff(a, b, name: "f")) == body(try diffCommand(a, b)), "round \(round)")
        }
    }

    /// Where lines repeat, several diffs are right: ours must bring the patch command from one text to the other.
    @Test func generatedDiffsCanBeApplied() throws {
        var generator = TemplateSeededGenerator(seed: 4)
        for round in 0..<60 {
            let lines = { (generator: inout TemplateSeededGenerator) in
                (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                    ["a", "b", "", " c", "-d", "+e", "é"][Int.random(in: 0..<7, using: &generator)]
                }
            }
            let old = text(lines(&generator), &generator)
            let new = text(lines(&generator), &generator)
            #expect(try patched(old, with: unifiedDiff(old, new, name: "f")) == new, "round \(round)")
        }
    }

    /// Two long texts without a line in common: quadratic time or memory would not end here.
    @Test(.timeLimit(.minutes(1))) func longTextsThatShareNothingAreReplaced() throws {
        let old = (0..<30_000).map { "old \($0)\n" }.joined()
        let new = (0..<30_000).map { "new \($0)\n" }.joined()
        let diff = unifiedDiff("same\n" + old + "end\n", "same\n" + new + "end\n", name: "f")
        #expect(diff.hasPrefix("--- a/f\n+++ b/f\n@@ -1,30002 +1,30002 @@\n same\n-old 0\n"))
        #expect(diff.utf8.count { $0 == UInt8(ascii: "\n") } == 60_005)
    }

    private func text(_ lines: [String], _ generator: inout TemplateSeededGenerator) -> String {
        lines.joined(separator: "\n") + (lines.isEmpty || Int.random(in: 0..<4, using: &generator) == 0 ? "" : "\n")
    }

    /// Without the two lines that name the files.
    private func body(_ diff: String) -> String {
        let lines = diff.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        return lines.count == 3 ? String(decoding: Array(lines[2]), as: UTF8.self) : ""
    }

    private func diffCommand(_ old: String, _ new: String) throws -> String {
        let folder = try TemporaryFolder()
        try folder.write("old", old)
        try folder.write("new", new)
        return try folder.run("/usr/bin/diff", ["-u", "old", "new"], exits: [0, 1])
    }

    private func patched(_ old: String, with diff: String) throws -> String {
        let folder = try TemporaryFolder()
        try folder.write("f", old)
        try folder.write("p", diff)
        if !diff.isEmpty { _ = try folder.run("/usr/bin/patch", ["-s", "-p1", "-i", "p"], exits: [0]) }
        return try folder.read("f")
    }
}
