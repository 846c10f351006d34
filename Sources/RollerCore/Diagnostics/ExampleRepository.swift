/// A small repository that nothing is wrong with, and one of its files as an example has it.
struct ExampleRepository {
    private let files: [String: String]
    /// The path of a file that is none.
    private let odd: (path: String, kind: RepoFile.Kind)?
    private let tags: [String]

    /// The repository of an example, broken or mended.
    init(_ example: CodeExplanation.Example, mended: Bool = false) {
        var files = Self.sound.merging(example.others) { _, new in new }
        files[example.path] = mended ? example.mended : example.broken
        self.files = files
        odd = mended || example.kind == .file ? nil : (example.path, example.kind)
        tags = ["web@1"] + (mended ? [] : example.tags)
    }

    static let digest = String(repeating: "0", count: 64)
    static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILZ2Vr82WjGpZk5Wr2ZmqF0sPLYR2SmUTdW/sd/oEuu4"

    /// The lock of the packages named, all at version 1.
    static func lock(_ packages: String...) -> String {
        "lock: 1\npackages:\n"
            + packages.map {
                """
                  \($0):
                    version: "1"
                    platforms:
                      any: {archive: "sha256:\(digest)", size: 1, manifest: "sha256:\(digest)"}

                """
            }.joined()
    }

    private static let sound = [
        "roller.yml": "format: 1\n",
        "datacenters/snc1.yml": "platform: debian-12-x86_64\n",
        "groups/ops.yml": "gid: 2001\nmembers: [ann]\n",
        "users/ann.yml": "uid: 2101\n",
        "hostclasses/web.yml": "settings: {workers: 4}\n",
        "files/web/etc/web.conf.mustache": "workers {{workers}}\n",
        "hosts/web-01.example.com.yml": "hostclass: web@1\ndatacenter: snc1\n",
    ]

    /// The text of a file; of one at the release as well.
    func text(of path: String) -> String? { files[path.hasPrefix("web@1:") ? String(path.dropFirst(6)) : path] }

    /// Everything that lint finds, notes included.
    var findings: [Diagnostic] {
        let files = files.map {
            RepoFile(path: $0.key, kind: $0.key == odd?.path ? odd?.kind ?? .file : .file, bytes: Array($0.value.utf8))
        }
        let (repo, findings) = ConfigRepo.read(files)
        var releases: [ReleaseReference: ReleaseLookup] = [:]
        for reference in repo.releaseReferences { releases[reference] = lookup(reference, files) }
        let snapshot = Snapshot(
            revision: nil, committed: nil, repo: repo, releases: releases, findings: findings)
        return snapshot.lint() + snapshot.notes(tags: tags.compactMap { ReleaseReference($0) })
    }

    func findings(of code: DiagnosticCode) -> [Diagnostic] { findings.filter { $0.code == code } }

    private func lookup(_ reference: ReleaseReference, _ files: [RepoFile]) -> ReleaseLookup {
        guard reference.rawValue == "web@1", let revision = Revision(String(repeating: "0", count: 40)) else {
            return .missing(near: reference.hostclass.rawValue == "web" ? ["web@1"] : [])
        }
        let (tree, findings) = HostclassTree.read(reference.hostclass, from: files, label: "\(reference):")
        guard let tree else { return .unreadable(revision: revision, findings: findings) }
        return .found(Release(reference, at: revision, tree: tree), findings: findings)
    }
}
