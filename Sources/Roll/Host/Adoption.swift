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
            try probePrefix()
        } catch let error as RollError {
            throw error
        } catch {
            throw .cannotExchange(cause: error)
        }
    }

    /// Asks the kernel to move the prefix onto a directory that is not empty. It looks first whether the prefix may be moved
    /// at all (another mount, a mount point, an immutable or read-only place, a lower layer of an overlay), and refuses the
    /// rest in any case (rename(2): ENOTEMPTY, on some file systems EEXIST). So nothing moves.
    private func probePrefix() throws {
        let target = RollerHome.probePrefix + "target"
        try RollerHome.removeTree(target, in: home.generations)
        try home.generations.makeDirectories("\(target)/taken", permissions: 0o700)
        defer { try? RollerHome.removeTree(target, in: home.generations) }  // the next roll does it else
        do {
            try home.parent.rename(home.name, to: target, in: home.generations, replacing: true)
        } catch let error where error.errno == .directoryNotEmpty || error.errno == .fileExists {
            return
        } catch {
            throw FileError("exchange", error.path, with: error.other, error.errno, detail: error.detail)
        }
        // No file system that keeps its promises comes here.
        try home.generations.rename(target, to: home.name, in: home.parent, replacing: false)
        throw FileError(
            "exchange", home.prefix.string, .notSupported, detail: "the file system moves onto full directories")
    }
}
