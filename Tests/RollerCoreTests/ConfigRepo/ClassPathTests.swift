import Testing

@testable import RollerCore

/// What is said about the paths of a class once it is known what its packages bring.
struct ClassPathTests {
    /// What is said of the good repository's class with nginx and strace of these paths.
    private func text(
        nginx: [String], strace: [String] = ["bin/strace"], _ change: (inout GoodRepository) -> Void = { _ in }
    ) throws -> String {
        var repository = GoodRepository()
        change(&repository)
        let name = try #require(HostclassName("web"))
        let tree = try #require(repository.snapshot.repo.hostclasses[name])
        let packages = [try manifest("nginx", nginx), try manifest("strace", strace)]
        return repository.text(of: tree.pathFindings(packages: packages))
    }

    /// A path that ends in @ is a link.
    private func manifest(_ name: String, _ paths: [String]) throws -> PackageManifest {
        PackageManifest(
            name: try #require(PackageName(name)), version: try #require(PackageVersion("1")), platform: .any,
            archive: Digest(of: name), size: ByteCount(1),
            entries: try paths.map {
                let isLink = $0.hasSuffix("@")
                return .init(
                    path: try #require(TreePath(isLink ? String($0.dropLast()) : $0)),
                    kind: isLink
                        ? .symlink(target: "/etc/passwd")
                        : .file(permissions: 0o644, size: ByteCount(1), digest: Digest(of: "x")))
            })
    }

    @Test func aClassWhosePathsAreThereIsFine() throws {
        #expect(try text(nginx: ["sbin/nginx"]) == "")
    }

    @Test func bothOwnersOfAPathAreNamed() throws {
        let text = try text(nginx: ["bin/strace", "etc/nginx/key.pem", "var/lib/nginx/x"])
        try expectGolden(text, "class-paths-conflicts.txt")
    }

    @Test func usesAndModesOfPackagesAreKnownExactly() throws {
        let text = try text(nginx: ["share/nginx/a", "cache/x", "share/nginx/link@"]) {
            $0.head.edit(
                BrokenRepository.web, "uses: [nginx, etc/nginx]",
                "uses: [share/nginx, share/ngin, share, cache, postfix]")
            $0.head.edit(
                BrokenRepository.web, "modes: {",
                "modes: {share/nginx/a: \"0600\", share/nginx/b: \"0600\", share/nginx/link: \"0600\", ")
        }
        try expectGolden(text, "class-paths-names.txt")
    }
}
