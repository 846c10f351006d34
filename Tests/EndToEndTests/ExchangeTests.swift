import LinuxSystem
import SystemPackage
import Testing

/// Prefixes that cannot be exchanged are found before anything is fetched or stops.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ExchangeTests {
    /// Rolls the bastion, first as it is and then once `spoil` was run, in mounts of its own.
    private func expectRefusal(_ prepare: String, _ spoil: String, _ mend: String) async throws {
        try await withWorld { world in
            let result = try await run(
                "unshare",
                [
                    "-m", "sh", "-c",
                    """
                    mkdir -p spoilt/usr/local
                    \(prepare)
                    prefix=$PWD/spoilt/usr/local
                    \(spoil)
                    roll --prefix $prefix --server \(world.server) --host bastion-01.snc1.example.com --adopt; code=$?
                    \(mend)
                    ls $prefix.roller/rejected $prefix.roller/packages $prefix.roller/generations
                    exit $code
                    """,
                ], in: world.root)
            #expect(result.code == 18, "\(result)")
            #expect(result.errors.contains("cannot be exchanged"), "\(result)")
            #expect(!result.errors.contains("download") && !result.output.contains("json"), "\(result)")
        }
    }

    private static func canMount() async throws -> Bool {
        try await run("unshare", ["-m", "mount", "--bind", "/tmp", "/tmp"], in: "/").code == 0
    }

    @Test(.enabled("mounts may not be made here") { try await canMount() })
    func aRollerDirectoryOnAnotherMountIsFound() async throws {
        try await expectRefusal("", "mkdir $prefix.roller other; mount --bind other $prefix.roller", "true")
    }

    @Test(
        .enabled("attributes may not be set here") {
            try await run(
                "sh", ["-c", "d=$(mktemp -d) && chattr +i $d; c=$?; chattr -i $d; rmdir $d; exit $c"], in: "/tmp"
            )
            .code == 0
        })
    func anImmutablePrefixIsFound() async throws {
        try await expectRefusal("", "chattr +i $prefix", "chattr -i $prefix")
    }

    @Test(.enabled("mounts may not be made here") { try await canMount() })
    func aPrefixInALowerLayerOfAnOverlayIsFound() async throws {
        let overlay = """
            mkdir lower scratch && mount -t tmpfs none scratch && mkdir -p lower/local scratch/upper scratch/work
            mount -t overlay none -o lowerdir=lower,upperdir=scratch/upper,workdir=scratch/work spoilt/usr
            """
        try await expectRefusal(overlay, "true", "true")
    }

    @Test func aPrefixThatIsALinkIsRefusedBeforeAnythingIsMadeBesideIt() async throws {
        let root = try makeTemporaryFolder()
        let folder = try Directory.open(root)
        try folder.makeDirectory("tree")
        try folder.symlink("link", to: "tree")
        let result = try await run(
            "roll",
            ["--prefix", root.appending("link").string, "--server", "http://127.0.0.1:1", "--host", "a.example.com"],
            in: root)
        #expect(result.code == 13 && result.errors.contains("must be a plain directory"), "\(result)")
        #expect(try folder.entries().map(\.name) == ["link", "tree"])
        _ = try Directory.open("/tmp", followingLinks: true).removeTree(root.lastComponent?.string ?? "-")
    }
}
