import Glibc
import LinuxSystem
import RollerCore
import Subprocess
import SystemPackage
import Tarball
import Testing

@testable import RollerCtl

/// Packages made of what others packed, and what is noted about where they came from.
struct PackageSourceTests {
    private static let jq = ["--name", "jq", "--version", "1", "--platform", "any"]

    private func sh(_ script: String, in directory: TemporaryDirectory) async throws {
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-ec", script], workingDirectory: directory.path,
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    private static let tree = """
        mkdir -p tree/bin tree/share && echo code >tree/bin/jq && chmod 755 tree/bin/jq && ln tree/bin/jq tree/bin/jq2 &&
        ln -s jq tree/bin/l && echo text >tree/share/doc
        """

    @Test(arguments: ["tar -cf", "tar -czf", "tar -cJf", "tar -cjf", "tar --zstd -cf", "tar --format=pax -cf"])
    func aTarballGivesTheSameBytesAsItsTree(_ tar: String) async throws {
        let directory = try TemporaryDirectory()
        try await sh(Self.tree + " && mkdir a b && \(tar) source tree", in: directory)
        let direct = await rollerctl(["package", "build", "tree", "--output", "a"] + Self.jq, in: directory.path)
        let unpacked = await rollerctl(
            ["package", "build", "source", "--strip-prefix", "tree", "--output", "b"] + Self.jq, in: directory.path)
        #expect(direct.status == .fine && unpacked.status == .fine, "\(direct.errors)\(unpacked.errors)")
        #expect(try directory.bytes("a/jq-1-any.tar.zst") == directory.bytes("b/jq-1-any.tar.zst"))
        #expect(try directory.names(in: "b") == ["jq-1-any.manifest", "jq-1-any.tar.zst"])
    }

    @Test(arguments: [1, 2, 7])
    func anyNumberOfThreadsGivesTheSameBytes(_ threads: Int) async throws {
        let directory = try TemporaryDirectory()
        try await sh(
            "mkdir tree a b && head -c 9000000 /dev/urandom >tree/large && seq 900000 >tree/text", in: directory)
        for (output, threads) in [("a", 4), ("b", threads)] {
            let options = TarballBuilder.Options(compression: .zstd(level: 3, threads: threads))
            let order = PackageOrder(
                id: PackageID(
                    name: try #require(PackageName("p")), version: try #require(PackageVersion("1")), platform: .any),
                origin: [:], options: options)
            _ = try order.build(
                directory.path.appending("tree"), into: directory.path.appending(output),
                on: Console(write: { _, _ in }, coloured: [], showsProgress: false))
        }
        #expect(try directory.bytes("a/p-1-any.tar.zst") == directory.bytes("b/p-1-any.tar.zst"))
        #expect(try directory.bytes("a/p-1-any.manifest") == directory.bytes("b/p-1-any.manifest"))
    }

    @Test func aHostileTarballIsNamedAndLeavesNothing() async throws {
        let directory = try TemporaryDirectory()
        try await sh("echo x >x && mkdir out && tar -cPf source --transform 's,^x,../evil,' x", in: directory)
        let run = await rollerctl(["package", "build", "source", "--output", "out"] + Self.jq, in: directory.path)
        #expect(run.status == .failed)
        #expect(run.errors.contains("source': the path '../evil' has a '..' component"), "\(run.errors)")
        #expect(try directory.names(in: "out").isEmpty)
        #expect(try directory.names() == ["out", "source", "x"])
    }

    @Test func skippedPathsStayOut() async throws {
        let directory = try TemporaryDirectory()
        try await sh(
            "mkdir -p root/usr/bin root/etc root/var && echo x >root/usr/bin/x && echo y >root/etc/y", in: directory)
        let arguments = ["package", "build", "root", "--strip-prefix", "usr"] + Self.jq
        let refused = await rollerctl(arguments, in: directory.path)
        #expect(refused.errors.contains("'etc' is not below 'usr'"), "\(refused.errors)")
        #expect(await rollerctl(arguments + ["--skip", "etc", "/var/"], in: directory.path).status == .fine)
        #expect(
            try PackageManifest.read(directory.bytes("jq-1-any.manifest")).entries.map(\.path.rawValue)
                == ["bin", "bin/x"])
    }

    @Test func theOriginSaysWhatDecidesAndNotWhere() async throws {
        let directory = try TemporaryDirectory()
        try await sh(
            Self.tree + """
                 && export GIT_CONFIG_GLOBAL=/dev/null && git init -q src && cd src &&
                git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x &&
                git remote add origin https://ci:secret@git.example.com/jq.git
                """, in: directory)
        let run = await rollerctl(
            ["package", "build", "tree", "--source", "src", "--level", "5", "--origin", "builder=ci-7"] + Self.jq,
            in: directory.path)
        #expect(run.status == .fine, "\(run.errors)")
        let origin = try PackageManifest.read(directory.bytes("jq-1-any.manifest")).origin
        #expect(origin["repo"] == "https://git.example.com/jq.git")
        #expect(origin["commit"]?.utf8.count == 40)
        #expect(origin["builder"] == "ci-7")
        #expect(origin["argv"] == "package build --level 5 --modes exact")
        #expect(origin["built-with"]?.contains("libzstd") == true)
    }

    private static let debian = """
        mkdir -p deb/DEBIAN deb/usr/bin deb/etc && echo code >deb/usr/bin/hello && chmod 755 deb/usr/bin/hello &&
        printf 'Package: hello\\nVersion: 2.10-3\\nArchitecture: all\\nMaintainer: A <a@b>\\nDepends: libc6\\nDescription: x\\n y\\n' \
        >deb/DEBIAN/control
        """

    @Test(.enabled(if: access("/usr/bin/dpkg-deb", X_OK) == 0), arguments: ["xz", "gzip", "zstd", "none"])
    func aDebianPackageBecomesOne(_ compression: String) async throws {
        let directory = try TemporaryDirectory()
        try await sh(Self.debian + " && dpkg-deb --root-owner-group -Z\(compression) -b deb hello.deb", in: directory)
        let run = await rollerctl(
            ["package", "import", "hello.deb", "--strip-prefix", "usr", "--skip", "etc"], in: directory.path)
        #expect(run.status == .fine, "\(run.errors)")
        #expect(run.errors.hasPrefix("depends on libc6\n"))
        let manifest = try PackageManifest.read(directory.bytes("hello-2.10-3-any.manifest"))
        #expect(manifest.entries.map(\.path.rawValue) == ["bin", "bin/hello"])
        #expect(manifest.origin["debian-version"] == "2.10-3")
    }

    @Test(.enabled(if: access("/usr/bin/dpkg-deb", X_OK) == 0))
    func maintainerScriptsAreRefusedOrNamed() async throws {
        let directory = try TemporaryDirectory()
        try await sh(
            Self.debian + """
                 && rmdir deb/etc && printf '#!/bin/sh\\n' >deb/DEBIAN/postinst && chmod 755 deb/DEBIAN/postinst &&
                dpkg-deb --root-owner-group -b deb hello.deb
                """, in: directory)
        let arguments = ["package", "import", "hello.deb", "--strip-prefix", "usr"]
        let refused = await rollerctl(arguments, in: directory.path)
        #expect(refused.status == .failed)
        #expect(refused.errors.hasPrefix("error: dpkg would run scripts of it: postinst (10 B)\n"), "\(refused.errors)")
        let run = await rollerctl(arguments + ["--ignore-scripts"], in: directory.path)
        #expect(run.status == .fine)
        #expect(run.errors.contains("warning: left out, and run by nobody: postinst;"))
        #expect(
            try PackageManifest.read(directory.bytes("hello-2.10-3-any.manifest")).origin["scripts-left-out"]
                == "postinst")
    }

    @Test(arguments: [
        ("!<arch>\n", "not debian-binary"), ("no ar", "cannot open"),
        ("!<arch>\n../../x         0           0     0     644     1         `\nx\n", "that is no name of a member"),
    ])
    func whatIsNoDebianPackageIsRefused(_ text: String, _ words: String) async throws {
        let directory = try TemporaryDirectory()
        try directory.write(["x.deb": text])
        let run = await rollerctl(["package", "import", "x.deb"], in: directory.path)
        #expect(run.status == .failed)
        #expect(run.errors.contains("x.deb'"), "\(run.errors)")
        #expect(try directory.names() == ["x.deb"])
    }

    @Test func twoVersionsAreComparedPathByPath() async throws {
        let directory = try TemporaryDirectory()
        try await sh(Self.tree, in: directory)
        _ = await rollerctl(["package", "build", "tree"] + Self.jq, in: directory.path)
        try await sh(
            "rm tree/bin/l && chmod 700 tree/bin/jq && echo more >>tree/share/doc && echo n >tree/new", in: directory)
        _ = await rollerctl(
            ["package", "build", "tree", "--name", "jq", "--version", "2", "--platform", "any"], in: directory.path)
        let run = await rollerctl(["package", "diff", "jq-1-any.manifest", "jq-2-any.tar.zst"], in: directory.path)
        #expect(run.status == .found)
        #expect(
            run.output == """
                ~ f 0700 bin/jq 5 B  (mode 0755 -> 0700)
                - l bin/l -> jq
                + f 0644 new 2 B
                ~ f 0644 share/doc 10 B  (5 -> 10 bytes)

                """)
        #expect(run.errors == "1 added, 1 removed, 2 changed; +7 B unpacked\n")
        let same = await rollerctl(["package", "diff", "jq-1-any.manifest", "jq-1-any.tar.zst"], in: directory.path)
        #expect(same.status == .fine && same.output.isEmpty)
    }
}
