import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// What an archive of somebody else's holds, unpacked for as long as it is packed anew.
///
/// Read by the same strict reader as packages, so that nothing is written outside. What no package may have is only refused
/// when it is packed, as some of it may be left out.
struct UnpackedSource {
    /// The directory that holds it, which nobody else may look into.
    let folder: FilePath
    /// The tree within.
    var tree: FilePath { folder.appending(Self.treeName) }

    private static let treeName = "tree"

    /// Whether a path is a file, and so an archive, and no directory.
    static func isFile(_ path: FilePath) throws -> Bool {
        do throws(FileError) {
            _ = try Directory.open(path, followingLinks: true)
            return false
        } catch {
            guard error.errno == .notDirectory else { throw error }
            return true
        }
    }

    /// Makes an empty one in `output`, and removes it after `body`.
    static func make<Result>(beside output: FilePath, _ body: (UnpackedSource) throws -> Result) throws -> Result {
        let parent = try Directory.open(output, followingLinks: true)
        let name = "\(Directory.temporaryPrefix)unpacked-\(UInt64.random(in: .min ... .max))"
        try parent.makeDirectory(name, permissions: 0o700)
        defer { _ = try? parent.removeTree(name) }  // best effort: what came of the work counts
        try parent.makeDirectory("\(name)/\(treeName)", permissions: 0o755)
        return try body(UnpackedSource(folder: output.appending(name)))
    }

    /// Unpacks a tarball into the tree.
    func add(tarball: FilePath, shown: FilePath) throws {
        var policy = TarballPolicy.strict
        policy.owners = .any
        policy.setuid = .any
        policy.attributes = .any
        policy.allowsAbsoluteLinks = true
        policy.allowsOtherCompression = true
        do {
            _ = try Unpacker.unpack(tarball, into: Directory.open(tree), policy: policy) { _ in }
        } catch {
            throw PackageError.archive(shown, cause: error)
        }
    }
}
