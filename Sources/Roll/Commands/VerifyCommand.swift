import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage

/// `roll verify`: whether the live tree is what it was made as.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare the live tree with what its generation was made as.",
        discussion: """
            A line for each difference: modified, missing, extra, replaced (another kind), mode, owner, target, \
            attribute. Reads all files, needs no network, and changes nothing below the prefix; what `keep` links to \
            is not looked into. Ends with 0 when the tree is as it was made, 2 when anything differs, 13 when it \
            cannot be read, 18 when Roller did not make it.
            """)

    @OptionGroup var prefix: PrefixOptions

    @Flag(help: "Read no file: compare kinds, sizes, modes, owners, and whether files that were read before changed.")
    var fast = false

    @Flag(name: .customLong("json"), help: "Print it as JSON.")
    var printsJSON = false

    func run() async throws {
        let clock = ContinuousClock()
        let began = clock.now
        let verified = try await verify()
        if printsJSON {
            let value = try readJSON(canonicalJSON(verified), as: Value.self)
            try standardOutput(String(decoding: value.json(pretty: true), as: UTF8.self))
        } else {
            try standardOutput(printableLines(verified.differences.map { $0.line + "\n" }.joined()))
            let words = verified.differences.isEmpty ? "as it was made" : Drift(verified.differences).summary
            standardError(
                "generation \(verified.generation): \(words); \(counted(verified.paths, "path")) compared, \(counted(verified.filesRead, "file")) read, in \(began.duration(to: clock.now).brief)"
            )
            if verified.filesNotRead > 0 {
                standardError("of \(counted(verified.filesNotRead, "file")) only the size was compared")
            }
        }
        if !verified.differences.isEmpty { throw ExitCode(RollExit.changed.rawValue) }
    }

    /// What was found, as it is printed.
    private struct Verified: Codable {
        let generation: Generation
        let paths: Int
        let filesRead: Int
        /// Files whose size is right and whose contents nobody looked at.
        let filesNotRead: Int
        let differences: [Drift.Finding]
    }

    private func verify() async throws -> Verified {
        guard let home = try RollerHome.open(prefix: try prefix.path, creating: false) else {
            throw RollError.nothingToVerify(try prefix.path.string)
        }
        // A roll may put another tree there meanwhile; then the comparison was with the wrong record.
        for _ in 1...3 {
            guard let live = try home.liveGeneration(), let record = try home.record(of: live) else { break }
            let compared: LiveTree.Comparison
            do {
                compared = try await LiveTree(home: home).compare(with: record, depth: fast ? .metadata : .allContents)
            } catch {
                throw RollError.cannotStage(what: "compare the live tree with its record", cause: error)
            }
            guard try home.liveGeneration() == live else { continue }
            return Verified(
                generation: live, paths: compared.paths, filesRead: compared.filesRead,
                filesNotRead: compared.filesNotRead, differences: compared.drift.findings)
        }
        throw RollError.nothingToVerify(home.prefix.string)
    }
}
