import GitRepository
import LinuxSystem
import RollerCore
import Testing

@testable import RollerCtl

/// A repository with two classes, two releases of each, and two datacenters, for edits by chance.
struct RandomRepository {
    let repository: TestRepository
    private static let hosts = (1...8).map { "h\($0).example.com" }

    /// Hosts by chance.
    init(_ random: inout SeededGenerator) async throws {
        var files: [String: String?] = ["roller.yml": "format: 1\n"]
        for name in ["web", "db"] {
            files["hostclasses/\(name).yml"] =
                "settings: {workers: 4, motto: hi}\nrequired: {ntp: list}\naccess: {login: [ops]}\n"
            files["files/\(name)/etc/conf.mustache"] = "{{workers}} {{#ntp}}{{.}}{{/ntp}}\n"
        }
        for name in ["snc1", "ams1"] { files["datacenters/\(name).yml"] = RandomRepository.datacenter(&random) }
        files["groups/ops.yml"] = "gid: 2000\nmembers: [ann]\n"
        files["users/ann.yml"] = "uid: 2001\n"
        for name in RandomRepository.hosts { files["hosts/\(name).yml"] = RandomRepository.host(&random) }
        repository = try await TestRepository(files)
        for name in ["web", "db"] { try await repository.git("tag", "\(name)@1") }
        for name in ["web", "db"] {
            try repository.directory.write(["files/\(name)/etc/conf.mustache": "w={{workers}} {{motto}}\n"])
        }
        try await repository.commit()
        for name in ["web", "db"] { try await repository.git("tag", "\(name)@2") }
    }

    /// Changes one file in some way; some ways are mistakes, and some change nothing that counts.
    func edit(_ random: inout SeededGenerator) throws {
        let host = "hosts/\(RandomRepository.hosts.randomElement(using: &random) ?? "h1").yml"
        let datacenter = "datacenters/\(["snc1", "ams1"].randomElement(using: &random) ?? "snc1").yml"
        let file: (path: String, text: String?)
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3: file = (host, RandomRepository.host(&random))
        case 4: file = (host, nil)
        case 5: file = ("hosts/new\(Int.random(in: 0..<3, using: &random)).yml", RandomRepository.host(&random))
        case 6...7: file = (datacenter, RandomRepository.datacenter(&random))
        case 8: file = ("hostclasses/web.yml", "settings: {workers: 9}\nnonsense: 1\n")
        case 9:
            file = ("roller.yml", ["format: 1\nx-note: 1\n", "format: 1\nnonsense: 1\n"].randomElement(using: &random))
        case 10: file = ("users/bob.yml", "uid: 2001\n")
        default: file = (datacenter, nil)
        }
        if file.text == nil, try Directory.open(repository.path).status(of: file.path) == nil { return }
        try repository.directory.change([file.path: file.text])
    }

    /// The digest of each host's bundle, told the long way: from the whole state.
    func digests() async throws -> [String: Digest] {
        let git = try GitRepository.discover(from: repository.path)
        let snapshot = try await ConfigRepository(git: git).snapshot(at: "HEAD")
        var digests: [String: Digest] = [:]
        for name in snapshot.repo.hosts.keys {
            digests[name.rawValue] = snapshot.resolve(name)?.host.map { Digest(of: $0.bundle.json) }
        }
        return digests
    }

    private static func host(_ random: inout SeededGenerator) -> String {
        let lines = [
            "hostclass: \(["web@1", "web@2", "db@1", "db@2", "db@3"].randomElement(using: &random) ?? "web@1")",
            "datacenter: \(["snc1", "\"ams1\"", "\"sn\\x631\"", "nowhere"].randomElement(using: &random) ?? "snc1")",
            ["settings: {workers: 5}", "settings: {motto: ho}", "# note", "platform: debian-13-x86_64", "tpyo: 1"]
                .randomElement(using: &random) ?? "",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func datacenter(_ random: inout SeededGenerator) -> String {
        let texts = [
            "platform: debian-12-x86_64\nsettings: {ntp: [a]}\n", "platform: debian-12-x86_64\nsettings: {ntp: [b]}\n",
            "platform: debian-12-x86_64\n# the same\nsettings: {ntp: [a]}\n", "settings: {ntp: [a]}\n",
            "platform: debian-12-x86_64\nsettings: {workers: 7, ntp: [a]}\n",
            "platform: debian-12-x86_64\nsettings: {workers: many, ntp: [a]}\n",
        ]
        return texts.randomElement(using: &random) ?? ""
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
