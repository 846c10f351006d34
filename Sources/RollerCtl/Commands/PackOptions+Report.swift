import RollerCore

extension PackOptions {
    /// Says what was built, and what of it somebody should look at.
    func tell(of built: BuiltPackage, _ console: Console) throws -> RunStatus {
        warn(of: built, console)
        let manifest = built.manifest
        try console.print(manifest.summary.yaml)
        console.note("built \(manifest.archiveName): \(manifest.size), \(manifest.unpackedSize) unpacked")
        return .fine
    }

    private func warn(of built: BuiltPackage, _ console: Console) {
        let entries = built.manifest.entries
        let writable = entries.filter { ($0.permissions ?? 0) & 0o022 != 0 }
        if let first = writable.first {
            console.warn(
                "\(counted(writable.count, "path")) can be written by group or others, '\(first.path)' among them;"
                    + " --modes normal makes them 0755 and 0644")
        }
        for (option, paths) in [("--allow-setuid", allowSetuid), ("--allow-capabilities", allowCapabilities)] {
            for path in paths where !entries.contains(where: { $0.path.rawValue == path }) {
                console.warn("\(option) '\(path)' names nothing in the package")
            }
        }
        if built.replacedOtherBytes {
            let name = built.manifest.archiveName
            console.warn("'\(name)' was there with other bytes; a published version never changes")
        }
    }
}
