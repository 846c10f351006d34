import ArgumentParser
import Testing

@testable import Roll

@Suite struct ApplyOrderTests {
    private func parsed(_ line: [String]) throws -> ApplyOrder {
        try #require(Roll.parseAsRoot(line) as? ApplyCommand).order()
    }

    @Test(
        "the words of timers mean without the parser what they mean to it",
        arguments: [
            [], ["--quiet"], ["--json"], ["--json", "--quiet"], ["--prefix", "/srv/tree"],
            ["--quiet", "--prefix", "/srv/./tree/../other/", "--json"],
        ])
    func plain(_ line: [String]) throws {
        #expect(try ApplyOrder(plain: line) == parsed(line))
    }

    @Test(
        "everything else is the parser's to read",
        arguments: [
            ["--prefix"], ["--prefix", "relative"], ["--prefix", "--quiet"], ["--prefix=/srv"],
            ["--prefix", "/a", "--prefix", "/b"], ["--quiet", "--quiet"], ["--quite"], ["status"], ["apply"],
            ["--help"],
            ["--version"], ["--"], [""], ["--adopt"], ["--quiet", "--verbose"], ["--server", "http://localhost"],
        ])
    func notPlain(_ line: [String]) {
        #expect(ApplyOrder(plain: line) == nil)
    }
}
