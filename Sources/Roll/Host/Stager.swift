import LinuxSystem
import RollerCore
import SystemPackage

/// Builds a candidate: a whole tree below `generations/<n>`, hard-linked from the store, with the class's files and links
/// to kept data. The live tree is not touched.
struct Stager {
    let home: RollerHome
    let store: PackageStore

    /// Builds the tree of `record`. A candidate of that number left by an earlier roll is removed first.
    func stage(_ record: GenerationRecord, packages: [Bundle.Package], files: [RenderedFile]) throws(RollError) {
        let name = "\(record.generation)"
        do {
            try discard(record.generation)
            // Paths with a mode of their own become files of their own: a mode belongs to the file, which a link shares.
            let copied = Set(record.modes.keys.map(\.rawValue))
            try home.generations.makeDirectory(name, permissions: 0o755)
            let link = try home.options().link
            for package in packages {
                try home.generations.linkTree(
                    name, from: store.tree(package), copying: copied, copiesAll: link != .hard)
            }
        } catch let error as RollError {
            throw error
        } catch {
            throw staging("link the packages", error, record)
        }
        do {
            let tree = try home.generations.openDirectory(name)
            for file in files { try create(file, in: tree) }
            for path in record.keep { try keep(path, in: tree) }
            for (path, mode) in record.modes.sorted(by: { $0.key < $1.key }) { try apply(mode, to: path, in: tree) }
            try renewCrontabs(in: tree, now: secondsSince1970())
            for package in packages { try store.recordLinks(of: package) }
            // Last: a tree without it is no candidate.
            try tree.makeDirectory(GenerationMarker.directory, permissions: 0o755)
            try tree.createFile(
                "\(GenerationMarker.directory)/\(GenerationMarker.file)", permissions: 0o644,
                bytes: canonicalJSON(GenerationMarker(record.generation)))
        } catch let error as RollError {
            throw error
        } catch {
            throw staging("write the class's files", error, record)
        }
    }

    /// Removes a candidate, if there is one.
    func discard(_ generation: Generation) throws(FileError) {
        try RollerHome.removeTree("\(generation)", in: home.generations)
    }

    /// Waits until the candidate and everything unpacked for it are on disk. A failure voids the candidate; it is not
    /// asked twice, since a second sync would not report what the first one lost.
    func sync(_ packages: [Bundle.Package]) throws(RollError) {
        do {
            try home.root.syncFileSystem()
            for package in packages { try store.publish(package) }
        } catch let error as RollError {
            throw error
        } catch {
            throw .cannotStage(what: "bring the new tree to disk", cause: error)
        }
    }

    private func create(_ file: RenderedFile, in tree: borrowing Directory) throws {
        if let parent = file.path.parent { try tree.makeDirectories(parent.rawValue) }
        try tree.createFile(file.path.rawValue, permissions: file.mode.permissions, bytes: file.bytes)
    }

    /// Links `path` to the place where its data lives on.
    private func keep(_ path: TreePath, in tree: borrowing Directory) throws {
        let keep = try home.root.openDirectory("keep")
        try keep.makeDirectories(path.rawValue)
        if let parent = path.parent { try tree.makeDirectories(parent.rawValue) }
        try tree.symlink(path.rawValue, to: home.keepPath.appending(path.rawValue).string)
    }

    private func apply(_ mode: ModeAndOwner, to path: TreePath, in tree: borrowing Directory) throws {
        let isRoot = Accounts.effectiveUser == 0
        if isRoot || mode.user != "root" || mode.group != "root" {
            guard let uid = try Accounts.user(named: mode.user) else {
                throw RollError.noAccount(kind: "user", name: mode.user, path: path)
            }
            guard let gid = try Accounts.group(named: mode.group) else {
                throw RollError.noAccount(kind: "group", name: mode.group, path: path)
            }
            // chown(2) takes capabilities away too.
            let attributes = try tree.extendedAttributes(of: path.rawValue).filter { $0.key == "security.capability" }
            try tree.setOwner(path.rawValue, uid: uid, gid: gid)
            for (name, value) in attributes { try tree.setExtendedAttribute(of: path.rawValue, name, value) }
        }
        // After the owner: chown(2) takes setuid and setgid away.
        try tree.setPermissions(path.rawValue, mode.permissions)
    }

    /// A name that is taken is a conflict of two owners, and both are said.
    private func staging(_ what: String, _ error: any Error, _ record: GenerationRecord) -> RollError {
        // A name that is taken, or one that should be a directory and is none.
        guard let error = error as? FileError,
            [.fileExists, .notDirectory, .tooManySymbolicLinkLevels].contains(error.errno)
        else {
            return .cannotStage(what: what, cause: error)
        }
        let root = home.generations.path.appending("\(record.generation)").string + "/"
        guard error.path.hasPrefix(root), let path = TreePath(String(error.path.dropFirst(root.count))) else {
            return .cannotStage(what: what, cause: error)
        }
        // Either the path itself has two owners, or something above it is a directory to one and none to another.
        for place in sequence(first: path, next: \.parent) {
            guard place == path || isLeaf(place, record) else { continue }
            let owners = owners(of: place, record)
            if owners.count > 1 { return .conflict(path: place.rawValue, owners: owners) }
        }
        return .cannotStage(what: what, cause: error)
    }

    /// Whether somebody brings something other than a directory to `path`.
    private func isLeaf(_ path: TreePath, _ record: GenerationRecord) -> Bool {
        record.files.contains { $0.path == path } || record.keep.contains(path)
            || record.packages.contains { package in
                let entry = (try? store.manifest(package))?.entries.first { $0.path == path }
                if case .directory? = entry?.kind { return false }
                return entry != nil
            }
    }

    /// Who brings something to `path`, or to a place below it.
    private func owners(of path: TreePath, _ record: GenerationRecord) -> [String] {
        var owners: [String] = []
        for package in record.packages {
            guard let manifest = try? store.manifest(package) else { continue }  // only to name it; the conflict stands
            if manifest.entries.contains(where: { $0.path.isAtOrBelow(path) }) {
                owners.append("the package \(package.name)")
            }
        }
        if record.files.contains(where: { $0.path.isAtOrBelow(path) }) { owners.append("the class's files") }
        if record.keep.contains(where: { $0.isAtOrBelow(path) }) { owners.append("keep") }
        return owners
    }
}
