import RollerCore
import Testing

/// What is said of a value that YAML 1.1 and 1.2 read differently.
struct AmbiguousValueTests {
    @Test func theMessageReadsAsASentence() {
        let (_, findings) = ConfigRepo.read([
            RepoFile(path: "roller.yml", bytes: Array("format: 1\n".utf8)),
            RepoFile(path: "datacenters/snc1.yml", bytes: Array("settings: {tls: no}\n".utf8)),
        ])
        #expect(findings.map(\.message) == ["'no': YAML 1.1 reads no as false, YAML 1.2 as text"])
        #expect(findings.map(\.hint) == ["write false, or \"no\" in quotes for the text"])
    }
}
