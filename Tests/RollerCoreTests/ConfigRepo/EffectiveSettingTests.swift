import OrderedCollections
import RollerCore
import Testing

/// Class, datacenter, host: who has the last word, and what is remembered of the others.
struct EffectiveSettingTests {
    private static func settings(_ repository: GoodRepository) throws -> [EffectiveSetting] {
        let host = try #require(HostName("web-07.snc1.example.com"))
        let outcome = try #require(repository.snapshot.resolve(host))
        return try #require(outcome.host).settings
    }

    private static func setting(_ key: String, _ repository: GoodRepository) throws -> EffectiveSetting {
        try #require(try settings(repository).first { $0.key.rawValue == key })
    }

    @Test func theLastLevelThatSetsAKeyWins() throws {
        var repository = GoodRepository()
        #expect(try Self.setting("workers", repository).value == .int(8))
        #expect(try Self.setting("port", repository).value == .int(8080))
        repository.head.edit(BrokenRepository.snc1, "settings: {", "settings: {port: 81, workers: 5, ")
        #expect(try Self.setting("port", repository).value == .int(81))
        #expect(try Self.setting("workers", repository).value == .int(8))
        repository.head.edit(BrokenRepository.host, "workers: 8, ", "")
        #expect(try Self.setting("workers", repository).value == .int(5))
    }

    @Test func aValueIsNeverMergedWithAnother() throws {
        var repository = GoodRepository()
        repository.head.edit(BrokenRepository.host, "workers: 8", "names: {main: x, other: z}, ntp: []")
        #expect(try Self.setting("names", repository).value == .map(["main": .string("x"), "other": .string("z")]))
        #expect(try Self.setting("ntp", repository).value == .list([]))
    }

    @Test func everyLevelThatSpokeIsRemembered() throws {
        var repository = GoodRepository()
        repository.head.edit(BrokenRepository.snc1, "settings: {", "settings: {workers: 5, ")
        let setting = try Self.setting("workers", repository)
        #expect(setting.origin.level == .host)
        #expect("\(setting.origin.location)" == "hosts/web-07.snc1.example.com.yml:3:12")
        #expect(setting.origin.location.length == 7)
        #expect(setting.outranked.map(\.level) == [.datacenter, .hostclass])
        #expect(
            setting.outranked.map { "\($0.location)" } == [
                "datacenters/snc1.yml:3:12", "web@2026.11.22-1:hostclasses/web.yml:3:3",
            ])
        let untouched = try Self.setting("tls", repository)
        #expect(untouched.origin.level == .hostclass)
        #expect(untouched.outranked == [])
    }

    /// A datacenter serves all classes, so it may set what this one does not know.
    @Test func aDatacentersUndeclaredSettingIsFineAndUnseen() throws {
        #expect(
            try Self.settings(GoodRepository()).map(\.key.rawValue) == [
                "names", "ntp", "port", "tls", "upstreams", "workers",
            ])
    }

    /// Outranked or not, a wrong type is a mistake where it is written.
    @Test(
        arguments: [BrokenRepository.snc1, BrokenRepository.host],
        ["tls: 1", "port: yes please", "names: [a]", "workers: true"])
    func everyLevelKeepsToTheType(_ file: String, _ text: String) {
        var repository = GoodRepository()
        repository.head.edit(file, "workers: 8, ", "")
        repository.head.edit(file, "settings: {", "settings: {\(text), ")
        let findings = repository.snapshot.lint()
        #expect(findings.map(\.code) == [.settingTypeMismatch], "\(findings)")
        #expect(findings.first?.location.file == file)
        #expect(findings.first?.location.column == 12)
    }

    /// What could not be read is not passed over: the level below would speak in its place.
    @Test(arguments: [
        (BrokenRepository.host, "workers: 8", "workers: no"), (BrokenRepository.host, "workers: 8", "Workers: 8, 9: 9"),
        (BrokenRepository.snc1, "ntp: [10.1.0.1, 10.1.0.2]", "ntp: [10.1.0.1, 10.1.0.2], port: 1.5"),
        ("roller.yml", "1", "2"),
    ])
    func aHostWithUnreadableFilesIsNotResolved(_ file: String, _ good: String, _ bad: String) throws {
        var repository = GoodRepository()
        repository.head.edit(file, good, bad)
        let host = try #require(HostName("web-07.snc1.example.com"))
        let outcome = try #require(repository.snapshot.resolve(host))
        #expect(outcome.host == nil)
        #expect(outcome.findings.contains { $0.location.file == file })
    }

    @Test func aMistakeThatManyHostsShareIsSaidOnce() {
        var repository = GoodRepository()
        repository.head.edit(BrokenRepository.snc1, "settings: {", "settings: {tls: 1, ")
        let host = repository.head[BrokenRepository.host]
        for number in 10..<20 {
            let path = "hosts/web-\(number).snc1.example.com.yml"
            repository.head[path] = RepoFile(path: path, bytes: host?.bytes ?? [])
        }
        #expect(repository.snapshot.lint().count == 1)
    }
}
