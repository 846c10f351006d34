import LinuxSystem
import RollerCore

extension RollerHome {
    /// Processes that still use trees which are not live: the programs of services that no roll had a reason to restart,
    /// and what was started by hand. Their trees are kept as long. The first hundred by number.
    func restartDebt() throws(FileError) -> [Receipt.RestartDebt] {
        try Processes.users(below: generations.resolvedPath()).prefix(100).compactMap { user in
            let generations = user.places.compactMap { Int($0) }.sorted()
            return generations.isEmpty
                ? nil : Receipt.RestartDebt(process: user.process, name: user.name, generations: generations)
        }
    }
}
