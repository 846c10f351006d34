import GitRepository
import SystemPackage
import Testing

struct OpeningTests {
    @Test func bareOpensABareRepositoryExactlyThere() throws {
        let made = try TestRepository(bare: true)
        let repository = try GitRepository.open(bare: made.path)
        #expect(repository.path == made.path)
        #expect(repository.workTree == nil)
    }

    @Test func bareOpensADotGitDirectoryWithoutItsWorkTree() throws {
        let made = try TestRepository()
        let repository = try GitRepository.open(bare: made.gitDirectory)
        #expect(repository.workTree == nil)
    }

    @Test(arguments: ["", "below", "missing"])
    func bareDoesNotLookAround(_ place: String) throws {
        let made = try TestRepository()
        try made.write("below/file", "x")
        let path = made.path.appending(place)
        guard case .notARepository(path, _)? = gitError({ () throws(GitError) in try GitRepository.open(bare: path) })
        else {
            Issue.record("opened \(path)")
            return
        }
    }

    @Test func discoverLooksUpward() throws {
        let made = try TestRepository()
        try made.write("a/b/file", "x")
        let repository = try GitRepository.discover(from: made.path.appending("a/b"))
        #expect(repository.path == made.gitDirectory)
        #expect(repository.workTree == made.path)
    }

    @Test func discoverFindsALinkedWorkTree() throws {
        let made = try TestRepository()
        let commit = try made.commit()
        try made.git(["worktree", "add", "-q", "linked", "-b", "side"])
        let repository = try GitRepository.discover(from: made.path.appending("linked"))
        #expect(repository.workTree == made.path.appending("linked"))
        #expect(try repository.head() == GitHead(branch: "side", commit: commit))
    }

    @Test func anotherUsersRepositoryOpensBareAndIsNotDiscovered() throws {
        let made = try TestRepository()
        // Only root can give files away.
        guard (try? Command(["/bin/chown", "-R", "65534", made.directory]).output()) != nil
        else { return }
        _ = try GitRepository.open(bare: made.gitDirectory)
        let error = gitError { () throws(GitError) in try GitRepository.discover(from: made.path) }
        #expect(error == .notOwned(made.path))
        #expect(error?.hint?.contains("safe.directory") == true)
    }

    @Test func sha256RepositoriesAreRefusedByName() throws {
        let made = try TestRepository(format: "sha256")
        for error in [
            gitError({ () throws(GitError) in try GitRepository.open(bare: made.gitDirectory) }),
            gitError({ () throws(GitError) in try GitRepository.discover(from: made.path) }),
        ] {
            guard case .unsupportedFormat(_, let feature)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(feature.contains("sha256"))
        }
    }

    @Test(arguments: [
        ("core.repositoryformatversion", "2"), ("extensions.refstorage", "reftable"), ("extensions.novelty", "true"),
    ])
    func unknownFormatsAreRefused(_ key: String, _ value: String) throws {
        let made = try TestRepository()
        try made.git(["config", "core.repositoryformatversion", "1"])
        try made.git(["config", key, value])
        guard
            case .unsupportedFormat? = gitError({ () throws(GitError) in
                try GitRepository.open(bare: made.gitDirectory)
            })
        else {
            Issue.record("opened")
            return
        }
    }

    @Test func extensionsThatChangeNothingHereAreAccepted() throws {
        let made = try TestRepository()
        try made.git(["config", "core.repositoryformatversion", "1"])
        for name in ["worktreeConfig", "preciousObjects", "noop"] {
            try made.git(["config", "extensions.\(name)", "true"])
        }
        try made.git(["config", "extensions.objectFormat", "sha1"])
        _ = try GitRepository.open(bare: made.gitDirectory)
        _ = try GitRepository.discover(from: made.path)
    }

    @Test func theObjectsOfAPushAreReadFromItsQuarantine() throws {
        let made = try TestRepository(bare: true)
        let blob = Array("pushed".utf8)
        _ = try Command(["/bin/mkdir", "\(made.directory)/incoming"]).output()
        let text = try made.git(
            ["hash-object", "-w", "--stdin"], input: blob,
            environment: ["GIT_OBJECT_DIRECTORY=\(made.directory)/incoming"])
        let id = try #require(ObjectID(hex: text))
        let outside = try GitRepository.open(bare: made.path)
        #expect(gitError { () throws(GitError) in try outside.blob(id) } != nil)
        let inside = try GitRepository.open(bare: made.path, quarantine: [made.path.appending("incoming")])
        #expect(try inside.blob(id) == blob)
    }
}
