import RollerCore
import Testing

/// What the files say of access beyond the class.
struct AccessTests {
    private static func findings(_ files: [(String, String)]) -> [Diagnostic] {
        let files = [("roller.yml", "format: 1\n")].filter { root in !files.contains { $0.0 == root.0 } } + files
        return ConfigRepo.read(files.map { RepoFile(path: $0.0, kind: .file, bytes: Array($0.1.utf8)) }).findings
    }

    @Test func aHostMayLetAGroupInThatHasAFile() {
        let host = ("hosts/a.yml", "hostclass: web@1\ndatacenter: snc1\naccess: {login: [dba]}\n")
        #expect(Self.findings([host, ("groups/dba.yml", "gid: 3001\n")]) == [])
        let unknown = Self.findings([host])
        #expect(unknown.map(\.code) == [.unknownGroup])
        #expect(unknown.first?.location == SourceLocation(file: "hosts/a.yml", line: 3, column: 18, length: 3))
    }

    @Test func aProtectedAccountHasNoFile() {
        let root = ("roller.yml", "format: 1\nprotected-accounts: [deploy]\n")
        #expect(Self.findings([root]) == [])
        let both = Self.findings([root, ("users/deploy.yml", "uid: 2001\n")])
        #expect(both.map(\.code) == [.reservedAccount])
        #expect(both.first?.location == SourceLocation(file: "roller.yml", line: 2, column: 22, length: 6))
    }

    @Test func aSearchPutsTheBestFirstAndCountsTheRest() {
        let files = ["web", "web-01", "my-web", "cobweb"].map {
            RepoFile(path: "hosts/\($0).yml", kind: .file, bytes: Array("hostclass: web@1\ndatacenter: snc1\n".utf8))
        }
        let repo = ConfigRepo.read(files).repo
        let index = SearchIndex(
            Snapshot(revision: nil, committed: nil, repo: repo, releases: [:], findings: []))
        #expect(index.find("WEB", limit: 9).hits.map(\.name) == ["web", "web-01", "my-web", "cobweb"])
        let few = index.find("web", limit: 2)
        #expect(few.hits.map(\.name) == ["web", "web-01"])
        #expect(few.counts == [.host: 4])
        #expect(index.find("", limit: 9).hits == [])
    }
}
