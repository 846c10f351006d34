import struct Crypto.SHA256
import LinuxSystem
import RollerCore

extension PackageStore {
    /// The paths of `tree` that are not what the manifest says: kind, mode, owner, bytes, target and extended
    /// attributes.
    func differences(of tree: borrowing Directory, from manifest: PackageManifest) throws(FileError) -> [TreePath] {
        let owner = try tree.status()
        var differing: Set<TreePath> = []
        for entry in manifest.entries {
            let path = entry.path.rawValue
            let declared = Dictionary(uniqueKeysWithValues: entry.attributes.map { ($0.key.rawValue, $0.value) })
            guard let status = try tree.status(of: path), (status.uid, status.gid) == (owner.uid, owner.gid) else {
                differing.insert(entry.path)
                continue
            }
            let isAsSaid =
                switch entry.kind {
                case .file(let permissions, let size, let digest):
                    status.kind == .regular && status.permissions == permissions && status.size == size.bytes
                        && attributes(of: path, in: tree) == declared && self.digest(of: path, in: tree) == digest
                case .directory(let permissions): status.kind == .directory && status.permissions == permissions
                case .symlink(let target): status.kind == .symlink && (try? tree.readLink(path)) == target
                case .hardLink(let target):
                    try tree.status(of: target.rawValue)?.isSameFile(as: status) == true && !differing.contains(target)
                }
            if !isAsSaid { differing.insert(entry.path) }
        }
        // A further name may come before the file that it is a name of.
        for entry in manifest.entries {
            if case .hardLink(let target) = entry.kind, differing.contains(target) { differing.insert(entry.path) }
        }
        return differing.sorted()
    }

    /// The label of SELinux belongs to the place, everything else to the package.
    private func attributes(of path: String, in tree: borrowing Directory) -> [String: [UInt8]]? {
        try? tree.openFile(path, for: .reading).extendedAttributes().filter { $0.key != "security.selinux" }
    }

    /// Nil where the file cannot be read to its end, as on a disk that fails.
    private func digest(of path: String, in tree: borrowing Directory) -> Digest? {
        guard let file = try? tree.openFile(path, for: .reading) else { return nil }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            guard let count = try? file.read(into: &buffer) else { return nil }
            if count == 0 { break }
            hash.update(data: buffer[..<count])
        }
        return Digest(bytes: Array(hash.finalize()))
    }

    /// Gives the stored generations the bytes of the package's new tree where they share those of the old one. The live tree
    /// is left as it is: what was edited there is for its next roll to leave behind.
    func mend(_ paths: [TreePath], from old: borrowing Directory, to new: borrowing Directory) throws(FileError) {
        for (name, _) in try home.storedGenerations() {
            let generation = try home.generations.openDirectory(name)
            for path in paths.map(\.rawValue) {
                guard let shared = try old.status(of: path), let found = try generation.status(of: path),
                    found.isSameFile(as: shared), try new.status(of: path)?.kind == .regular
                else { continue }
                let parent = path.split(separator: "/").dropLast().joined(separator: "/")
                let temporary = (parent.isEmpty ? "" : parent + "/") + Directory.temporaryPrefix + "mend"
                if try generation.status(of: temporary) != nil { try generation.remove(temporary) }
                try new.link(path, to: temporary, in: generation)
                try generation.rename(temporary, to: path, in: generation, replacing: true)
            }
        }
    }
}
