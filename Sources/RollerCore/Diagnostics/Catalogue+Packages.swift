extension CodeExplanation {
    private static let packages = "packages: {nginx: 1}\nsettings: {workers: 4}\n"

    static let lockMissing = CodeExplanation(
        .lockMissing, "a class has packages and no lock",
        why: """
            The lock has the digest of every package. Without it, whatever a server or a bucket hands out under that name \
            would be installed.
            """,
        fix: "Run `rollerctl lock CLASS`, commit hostclasses/CLASS.lock.yml, and release the class.",
        ExampleFile.hostclass, packages, mended: "settings: {workers: 4}\n")

    static let lockStale = CodeExplanation(
        .lockStale, "a lock that does not cover the class",
        why: """
            The class asks for a package, a version or a platform whose digest the lock does not have, so a host could not \
            tell the right bytes from others. As an error it is about a release in use; as a warning, about the class as it \
            stands, which cannot be released so.
            """,
        fix: "Run `rollerctl lock CLASS` and release the class.",
        ExampleFile.hostclass, "packages: {nginx: 2}\nsettings: {workers: 4}\n", mended: packages,
        others: [ExampleFile.lock: ExampleRepository.lock("nginx")])

    static let pathConflict = CodeExplanation(
        .pathConflict, "two owners of one path",
        why: """
            Only one of two files can stand at a path, and which one it is must not depend on an order that nobody wrote \
            down. In a kept path nothing is installed, since what is there outlives rolls.
            """,
        fix: """
            Take one of the two out of the class, or build a package without the path. Without --manifests or --server, \
            only files and `keep` are compared; `rollerctl lock` compares packages too.
            """,
        ExampleFile.hostclass, "settings: {workers: 4}\nkeep: [etc/web.conf]\n",
        mended: "settings: {workers: 4}\nkeep: [var/lib/web]\n")

    static let packageMissing = CodeExplanation(
        .packageMissing, "a package that has no manifest where lint was told to look",
        why: """
            A package exists once its manifest does. A host of the class could not be rolled, and what the package would \
            bring is not known, so the class's paths are not checked.
            """,
        fix: "Publish it with `rollerctl package publish`, or correct the version.",
        foundBy: "`rollerctl lint --manifests DIR` or `--server URL`")

    static let packageChanged = CodeExplanation(
        .packageChanged, "a manifest that is not the one that was locked",
        why: """
            The lock says which bytes a host takes. A host would refuse these: someone built the same version twice, or put \
            another thing in its place.
            """,
        fix: "Publish what was locked. Give new bytes a new version, and lock that.",
        foundBy: "`rollerctl lint --manifests DIR` or `--server URL`")
}
