import Testing

@testable import RollerCore

/// Which claims to one place of the tree exclude each other.
struct PathConflictTests {
    private static let a = PathOwner.package(PackageName(rawValue: "a") ?? { preconditionFailure() }())
    private static let b = PathOwner.package(PackageName(rawValue: "b") ?? { preconditionFailure() }())
    private static let file = PathOwner.classFile("files/web/etc/x")

    /// A claim as `owner kind path`, and the conflicts wanted.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let claims: [(PathOwner, PathClaim.Kind, String)]
        let messages: [String]
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "two files", claims: [(a, .file, "bin/jq"), (b, .file, "bin/jq")],
            messages: ["'bin/jq' is a file of package 'a' and a file of package 'b'"]),
        Case(
            name: "neighbours", claims: [(a, .file, "bin/jq"), (b, .file, "bin/jq2"), (b, .file, "bin-x")], messages: []
        ),
        Case(
            name: "one directory", claims: [(a, .directory, "etc"), (b, .directory, "etc"), (file, .file, "etc/x")],
            messages: []),
        Case(
            name: "a file and a directory", claims: [(a, .directory, "lib/x"), (b, .file, "lib/x")],
            messages: ["'lib/x' is a directory of package 'a' and a file of package 'b'"]),
        Case(
            name: "a file, and many below it",
            claims: [(a, .file, "lib/x"), (b, .file, "lib/x/y/1"), (b, .file, "lib/x/y/2"), (b, .file, "lib/x/3")],
            messages: ["'lib/x' is a file of package 'a', and 'lib/x/y/1', a file of package 'b', lies below it"]),
        Case(
            name: "what lies below comes first", claims: [(a, .file, "lib/x/y"), (b, .file, "lib")],
            messages: ["'lib' is a file of package 'b', and 'lib/x/y', a file of package 'a', lies below it"]),
        Case(
            name: "a link and a directory", claims: [(a, .directory, "lib64"), (b, .symlink, "lib64")],
            messages: ["'lib64' is a directory of package 'a' and a symbolic link of package 'b'"]),
        Case(
            name: "a link, and a directory that a path implies",
            claims: [(a, .symlink, "lib64"), (b, .file, "lib64/z.so")],
            messages: [
                "'lib64' is a symbolic link of package 'a', and 'lib64/z.so', a file of package 'b', lies below it"
            ]),
        Case(
            name: "the same link twice", claims: [(a, .symlink, "bin/vi"), (b, .symlink, "bin/vi")],
            messages: ["'bin/vi' is a symbolic link of package 'a' and a symbolic link of package 'b'"]),
        Case(
            name: "a file of the class", claims: [(a, .file, "etc/x"), (file, .file, "etc/x")],
            messages: ["'etc/x' is a file of package 'a' and a file of the class ('files/web/etc/x')"]),
        Case(
            name: "below a kept path",
            claims: [(.keep, .directory, "var/lib/a"), (a, .file, "var/lib/a/seed"), (a, .file, "var/lib/b")],
            messages: [
                "'var/lib/a' is kept over rolls by the class, and 'var/lib/a/seed', a file of package 'a', lies below it"
            ]),
        Case(
            name: "a kept path itself", claims: [(.keep, .directory, "var/lib/a"), (a, .directory, "var/lib/a")],
            messages: ["'var/lib/a' is kept over rolls by the class and a directory of package 'a'"]),
        Case(
            name: "a directory above a kept path",
            claims: [(.keep, .directory, "var/lib/a"), (a, .directory, "var/lib")],
            messages: []),
        Case(
            name: "a link above a kept path", claims: [(.keep, .directory, "var/lib/a"), (a, .symlink, "var")],
            messages: [
                "'var' is a symbolic link of package 'a', and 'var/lib/a', kept over rolls by the class, lies below it"
            ]),
        Case(
            name: "three owners", claims: [(a, .file, "x"), (b, .file, "x"), (file, .file, "x")],
            messages: [
                "'x' is a file of package 'a' and a file of package 'b'",
                "'x' is a file of package 'a' and a file of the class ('files/web/etc/x')",
            ]),
        Case(
            name: "normal forms of one text", claims: [(a, .file, "caf\u{e9}"), (b, .file, "cafe\u{301}")],
            messages: ["'caf\u{e9}' is a file of package 'a' and a file of package 'b'"]),
        Case(
            name: "below another normal form", claims: [(a, .file, "caf\u{e9}"), (b, .file, "cafe\u{301}/x")],
            messages: ["'caf\u{e9}' is a file of package 'a', and 'caf\u{e9}/x', a file of package 'b', lies below it"]),
    ]

    @Test(arguments: cases)
    func findsWhatCannotShareAPlace(_ one: Case) throws {
        let claims = try one.claims.map { owner, kind, path in PathClaim(try #require(TreePath(path)), kind, of: owner)
        }
        let found = pathConflicts(claims)
        #expect(found.map(\.message).sorted() == one.messages.sorted())
        #expect(found.allSatisfy { !$0.hint.isEmpty })
    }

    @Test func packagesAndFilesAndKeepsAreBroughtTogether() throws {
        let manifests = try ["a", "b"].map { name in
            PackageManifest(
                name: try #require(PackageName(name)), version: try #require(PackageVersion("1")), platform: .any,
                archive: Digest(of: name), size: ByteCount(1),
                entries: [
                    .init(path: try #require(TreePath("bin")), kind: .directory(permissions: 0o755)),
                    .init(
                        path: try #require(TreePath("bin/\(name)")),
                        kind: .file(permissions: 0o755, size: ByteCount(1), digest: Digest(of: name))),
                    .init(
                        path: try #require(TreePath("share/doc")),
                        kind: .file(permissions: 0o644, size: ByteCount(1), digest: Digest(of: "same"))),
                ])
        }
        let kept = try #require(TreePath("bin/a"))
        #expect(
            pathConflicts(packages: manifests, keep: [kept]).map(\.message) == [
                "'bin/a' is kept over rolls by the class and a file of package 'a'",
                "'share/doc' is a file of package 'a' and a file of package 'b'",
            ])
    }
}
