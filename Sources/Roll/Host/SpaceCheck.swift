import LinuxSystem
import RollerCore
import SystemPackage

/// Whether the file system has room for a roll, found out before the first archive is fetched.
struct SpaceCheck {
    let home: RollerHome

    /// What a roll needs, and what there is.
    struct Answer {
        let need: SpaceNeed
        let free: ByteCount
        /// Nil where the file system has no such limit.
        let freeInodes: Int?
    }

    /// - Parameter missing: The manifests of the packages of `bundle` that are not in the store.
    /// - Throws: `RollError.noSpace` with figures.
    func check(
        _ bundle: Bundle, files: [RenderedFile], missing: [PackageManifest]
    ) throws(RollError) -> Answer {
        let answer: Answer
        do {
            answer = try ask(bundle, files: files, missing: missing)
        } catch {
            throw .cannotStage(what: "find out what room the roll needs", cause: error)
        }
        if let why = answer.need.lack(free: answer.free, freeInodes: answer.freeInodes) {
            throw .noSpace(at: home.path.string, why: why)
        }
        return answer
    }

    private func ask(_ bundle: Bundle, files: [RenderedFile], missing: [PackageManifest]) throws -> Answer {
        let store = PackageStore(home)
        let fetched = Set(missing.map(\.archive))
        let stored = bundle.packages.filter { !fetched.contains($0.archive) }
        // A file with a mode of its own is copied from the store, not linked.
        var copied: [ByteCount] = []
        for package in bundle.modes.isEmpty ? [] : stored {
            let tree = try store.tree(package)
            for path in bundle.modes.keys {
                guard let status = try? tree.status(of: path.rawValue), status.kind == .regular else { continue }
                copied.append(ByteCount(max(0, status.size)))
            }
        }
        for manifest in missing {
            for entry in manifest.entries where bundle.modes[entry.path] != nil {
                if case .file(_, let size, _) = entry.kind { copied.append(size) }
            }
        }
        let need = SpaceNeed(
            missing: missing, stored: try stored.map { try store.ownPaths($0) }, copied: copied,
            files: files.map { ByteCount(Int64($0.bytes.count)) }, keep: bundle.keep.count)
        let space = try home.root.space()
        return Answer(
            need: need, free: ByteCount(Int64(clamping: space.availableBytes)),
            freeInodes: space.totalInodes == 0 ? nil : Int(clamping: space.availableInodes))
    }
}

extension PackageStore {
    /// What a tree with the package has of its own, beside links to the store's files.
    fileprivate func ownPaths(_ package: Bundle.Package) throws -> (directories: Int, links: Int) {
        let file = try openManifest(package)
        var start = [UInt8](repeating: 0, count: 64 << 10)
        let count = try file.read(into: &start)
        return try PackageManifest.readOwnPaths(Array(start[..<count]))
    }
}
