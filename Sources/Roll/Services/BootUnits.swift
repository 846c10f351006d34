import LinuxSystem
import RollerCore
import SystemPackage

/// Which units of systemd start at boot: of those that are a class's services, the ones that the tree brings and that say
/// themselves when they start (`[Install]`, systemd.unit(5)). A unit that was there before Roller, or that somebody
/// switched off, is left as it is.
struct BootUnits {
    let home: RollerHome
    let commands: CommandRunner

    /// Where systemd finds the units of a tree at /usr/local; it looks below no other prefix.
    private static let folder = "lib/systemd/system"
    private static let limit = Duration.seconds(30)

    /// `plan` with the units that come and go with it. The candidate must be staged.
    func completing(_ plan: RollPlan) async throws(FileError) -> RollPlan {
        guard home.prefix == "/usr/local" else { return plan }
        let before = plan.stopping.compactMap(\.unit)
        let after = plan.starting.compactMap(\.unit)
        var plan = plan
        for unit in after where !before.contains(unit) {
            guard try installs(unit, "\(plan.next)", in: home.generations), await !isEnabled(unit) else { continue }
            plan.enabling.append(unit)
        }
        for unit in before where !after.contains(unit) {
            guard try installs(unit, home.name, in: home.parent), await isEnabled(unit) else { continue }
            plan.disabling.append(unit)
        }
        return plan
    }

    /// Has units start at boot. Their files must be in the live tree.
    func enable(_ units: [String]) async -> CommandRunner.Outcome { await systemctl("enable", units) }

    /// Has them start at boot no more. Their files must still be in the live tree: systemd knows no others.
    func disable(_ units: [String]) async -> CommandRunner.Outcome { await systemctl("disable", units) }

    private func systemctl(_ verb: String, _ units: [String]) async -> CommandRunner.Outcome {
        guard !units.isEmpty else { return .succeeded }
        // Links for the next boot: systemd need not read its units for them now.
        return await commands.run(
            ["systemctl", "--no-ask-password", "--no-reload", verb] + units, purpose: "units-\(verb)", limit: Self.limit
        )
    }

    private func isEnabled(_ unit: String) async -> Bool {
        await commands.run(["systemctl", "--quiet", "is-enabled", unit], purpose: "units-state", limit: Self.limit)
            == .succeeded
    }

    /// Whether a tree brings the unit, and the unit says when it starts.
    private func installs(_ unit: String, _ tree: String, in directory: borrowing Directory) throws(FileError) -> Bool {
        let path = "\(tree)/\(Self.folder)/\(BootUnits.file(of: unit))"
        guard try directory.status(of: path)?.kind == .regular else { return false }
        return BootUnits.hasInstallSection(try directory.readFile(path, limit: 1 << 20))
    }

    /// The file that a unit is read from: `getty@tty1.service` is an instance of `getty@.service`.
    static func file(of unit: String) -> String {
        guard let at = unit.firstIndex(of: "@"), let dot = unit.lastIndex(of: "."), at < dot else { return unit }
        return String(unit[...at] + unit[dot...])
    }

    static func hasInstallSection(_ text: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
            .contains { $0.trimmingBlanks == "[Install]" }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let rest = drop { $0 == " " || $0 == "\t" }
        return rest.lastIndex { $0 != " " && $0 != "\t" }.map { rest[...$0] } ?? ""
    }
}

extension Service {
    /// The unit of systemd that it is; nil where its own commands run it.
    var unit: String? {
        if case .systemd(let unit) = supervisor { unit } else { nil }
    }
}
