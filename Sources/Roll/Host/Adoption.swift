import LinuxSystem
import RollerCore
import SystemPackage

/// Whether the tree at the prefix may be replaced at all, found out before the first download.
struct Adoption {
    let home: RollerHome
    let adopts: Bool

    /// - Parameter writing: Whether a missing prefix may be made now.
    func check(live: Generation?, state: HostState, writing: Bool) throws(RollError) {
        do {
            guard let live else {
                guard adopts else { throw RollError.needsAdoption("there is nothing at \(home.prefix)") }
                if writing { try home.parent.makeDirectory(home.name) }
                return
            }
            let prefix = try home.parent.openDirectory(home.name)
            if live == .beforeRoller, state.current == .beforeRoller, !adopts, try !prefix.entries().isEmpty {
                throw RollError.needsAdoption("\(home.prefix) holds files that Roller did not put there")
            }
            let below = try MountTable.mounts(atOrBelow: prefix.resolvedPath())
            if let mount = below.first {
                throw RollError.cannotExchange(
                    cause: FileError(
                        "exchange", mount.path.string, .resourceBusy, detail: "a file system is mounted there"))
            }
            guard try prefix.status().device == home.root.status().device else {
                throw RollError.cannotExchange(cause: FileError("exchange", home.prefix.string, .improperLink))
            }
            try home.generations.probeExchange()
        } catch let error as RollError {
            throw error
        } catch {
            throw .cannotExchange(cause: error)
        }
    }
}
