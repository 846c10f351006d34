import LinuxSystem
import RollerCore
import Testing

@testable import Roll

/// For random pairs of generations on a real file system: what a plan lists is what other programs see change.
@Suite struct PlanPropertyTests {
    /// Numbers that look random and are the same for the same seed (SplitMix64, by Sebastiano Vigna).
    struct SeededNumbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let words = ["a", "b", "c"]
    private static let permissions: [UInt16] = [0o644, 0o755, 0o600]

    /// A package with some files below a directory of its own, some of them with a second name.
    private func package(
        _ name: String, _ numbers: inout SeededNumbers, on host: TestHost
    ) throws -> Bundle.Package {
        var items: [(String, TestPackage.Item)] = [(name, .directory(0o755))]
        for path in Self.words where Bool.random(using: &numbers) {
            let text = Self.words.randomElement(using: &numbers) ?? ""
            items.append(("\(name)/\(path)", .file(text, Self.permissions.randomElement(using: &numbers) ?? 0o644)))
            if Int.random(in: 0..<3, using: &numbers) == 0 {
                items.append(("\(name)/\(path)-again", .hardLink("\(name)/\(path)")))
            }
        }
        if Bool.random(using: &numbers) {
            items.append(("\(name)/link", .symlink(Self.words.randomElement(using: &numbers) ?? "")))
        }
        let made = try TestPackage(name, items, on: host)
        if try !host.store.has(made.package) { try made.install(on: host) }
        return made.package
    }

    private func randomBundle(_ numbers: inout SeededNumbers, on host: TestHost) throws -> Bundle {
        var packages: [Bundle.Package] = []
        for name in ["one", "two", "three"] where Int.random(in: 0..<4, using: &numbers) > 0 {
            packages.append(try package(name, &numbers, on: host))
        }
        var files: [(path: String, text: String)] = []
        for path in ["etc/x", "etc/y", "one/z"] where Bool.random(using: &numbers) {
            files.append((path, Self.words.randomElement(using: &numbers) ?? ""))
        }
        // 0640 is nobody's mode else, so that declaring it always is a change.
        let modes = files.filter { _ in Bool.random(using: &numbers) }.map { ($0.path, "0640") }
        let keep = ["var/k"].filter { _ in Bool.random(using: &numbers) }
        return try bundle(
            packages: packages, files: files, keep: keep, modes: Dictionary(uniqueKeysWithValues: modes))
    }

    /// What find and sha256sum say of the tree at the prefix: a line for each path that is no directory.
    private func seen(on host: TestHost) async throws -> [String: String] {
        let (code, output) = try await host.shell(
            """
            cd local && find . -path ./.roller -prune -o ! -type d -printf '%P\\t%y %m %U %G %l\\n' &&
            find . -path ./.roller -prune -o -type f -exec sha256sum {} + | sed 's|^\\(\\w*\\)  ./\\(.*\\)|\\2\\t\\1|'
            """)
        try #require(code == 0, "\(output)")
        return Dictionary(
            output.split(separator: "\n").map { line in
                let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            }, uniquingKeysWith: { $0 + " " + $1 })
    }

    @Test(arguments: 1...30)
    func thePlanListsWhatOtherProgramsSeeChange(_ seed: UInt64) async throws {
        var numbers = SeededNumbers(state: seed)
        let host = try TestHost()
        let previous = try host.makeLive(1, of: randomBundle(&numbers, on: host))
        let before = try await seen(on: host)
        let next = try randomBundle(&numbers, on: host)
        let (planned, _) = try record(2, of: next)
        let changes = try ExplainedPlan.from(previous, to: planned, id: "plan") { try host.store.manifest($0) }.changes
        try host.makeLive(2, of: next)
        let after = try await seen(on: host)

        let added = Set(after.keys).subtracting(before.keys)
        let removed = Set(before.keys).subtracting(after.keys)
        let changed = after.keys.filter { before[$0] != nil && before[$0] != after[$0] }
        #expect(Set(changes.added.map(\.rawValue)) == added)
        #expect(Set(changes.removed.map(\.rawValue)) == removed)
        #expect(Set(changes.changed.map(\.rawValue)) == Set(changed))

        let compared = try await LiveTree(home: host.home).compare(with: planned, depth: .allContents)
        #expect(compared.drift.isEmpty, "a tree just made is as it was made: \(compared.drift.findings)")
    }
}
