import Glibc
import RollerCore
import Subprocess
import SystemPackage
import Testing

@testable import RollerCtl

/// What an editor would say, with Python's jsonschema as the editor; passed over where that is not installed.
@Suite(.enabled(if: canValidate()))
struct SchemaTests {
    private static let good: [(RepoFileKind, String)] = [
        (.roller, "format: 1\nlimits: {hosts-per-commit: 50}\nwaves: {web: [1, 10%, 100%], x-note: no}\n"),
        (
            .datacenter,
            "platform: debian-12-x86_64\nconfig-servers: [\"https://a.example.com:8443\"]\nsettings: {n: [1]}\n"
        ),
        (.host, "hostclass: web@2026.11.22-1\ndatacenter: snc1\nsettings: {workers: 8, tls: {on1: true}}\n"),
        (.host, "hostclass: web@0123456789012345678901234567890123456789\ndatacenter: snc1\nx-note: [1.5]\n"),
        (
            .hostclass,
            """
            packages: {nginx: 1.25.3-2, strace: 6.10, libstdc++: "12"}
            settings: {workers: 4, tls: false, names: {main: www}}
            required: {upstreams: list}
            services:
              nginx: {systemd: nginx.service, uses: [nginx, etc/nginx], check: {tcp: "127.0.0.1:80", within: 10s}}
              log: {start: [bin/log, 99], stop: [bin/log, --stop], timeout: 5s, check: [{run: [bin/ok]}]}
            keep: [var/lib/nginx]
            modes: {etc/nginx/key.pem: "0640 root:nginx"}
            access: {login: [web-team], sudo: []}
            downtime-budget: 5s

            """
        ),
        (.lock, "lock: 1\npackages: {}\n"),
        (
            .user,
            "uid: 2101\nname: Ann Example\nshell: /bin/bash\nkeys: [ssh-ed25519 AAAA ann@example.com]\nstate: gone\n"
        ),
        (.group, "gid: 2001\nmembers: [ann, _bob]\n"),
    ]

    private static let bad: [(RepoFileKind, String)] = [
        (.roller, "formatt: 1\n"), (.roller, "format: 2\n"), (.roller, "format: 1\nwaves: {web: [0]}\n"),
        (.roller, "format: 1\nwaves: {web: [101%]}\n"), (.roller, "limits: {}\n"),
        (.datacenter, "platform: any\n"), (.datacenter, "config-servers: [ftp://x]\n"),
        (.host, "hostclass: web\ndatacenter: snc1\n"), (.host, "hostclass: web@1\n"),
        (.host, "hostclass: web@1\ndatacenter: snc1\nsettings: {roller: 1}\n"),
        (.host, "hostclass: web@1\ndatacenter: snc1\nsettings: {n: 1.5}\n"),
        (.host, "hostclass: web@1\ndatacenter: snc1\nsettings: {n: null}\n"),
        (.host, "hostclass: web@1\ndatacenter: snc1\nsetings: {}\n"),
        (.hostclass, "packages: [nginx]\n"), (.hostclass, "packages: {Nginx: 1}\n"),
        (.hostclass, "services: {nginx: {uses: [nginx]}}\n"), (.hostclass, "services: {nginx: {systemd: nginx}}\n"),
        (.hostclass, "services: {nginx: {systemd: nginx.service, check: {within: 1s}}}\n"),
        (.hostclass, "required: {n: number}\n"), (.hostclass, "modes: {a: 0644}\n"),
        (.hostclass, "keep: [/var]\n"), (.hostclass, "downtime-budget: 5\n"),
        (.lock, "lock: 1\n"), (.lock, "lock: 1\npackages: {nginx: {version: 1, platforms: {any: {size: 1}}}}\n"),
        (.user, "uid: 0\n"), (.user, "name: Ann\n"), (.user, "uid: 2000\nstate: left\n"),
        (.user, "uid: 2000\nname: a:b\n"),
        (.group, "gid: 27\n"), (.group, "gid: 2001\nmembers: [Ann]\n"),
    ]

    @Test(arguments: good)
    func aFileThatLintsIsValid(_ kind: RepoFileKind, _ text: String) async throws {
        #expect(try await problem(with: text, as: kind) == "valid")
    }

    @Test(arguments: bad)
    func aFileThatDoesNotLintIsInvalid(_ kind: RepoFileKind, _ text: String) async throws {
        #expect(try await problem(with: text, as: kind) != "valid")
    }

    @Test(arguments: RepoFileKind.allCases)
    func everySchemaIsOne(_ kind: RepoFileKind) async throws {
        #expect(try await python("j.Draft202012Validator.check_schema(schema); print('valid')", "", kind) == "valid")
    }

    @Test(arguments: Skeleton.examples)
    func whatIsBegunIsValid(_ kind: RepoFileKind, _ text: String) async throws {
        #expect(try await problem(with: text, as: kind) == "valid")
    }

    /// What is first wrong, or "valid".
    private func problem(with text: String, as kind: RepoFileKind) async throws -> String {
        try await python(
            "e = j.exceptions.best_match(j.Draft202012Validator(schema).iter_errors(yaml.safe_load(open(sys.argv[2]))))"
                + "; print(e.message if e else 'valid')", text, kind)
    }

    private func python(_ code: String, _ text: String, _ kind: RepoFileKind) async throws -> String {
        let folder = try TemporaryDirectory()
        try folder.write(["schema.json": JSONSchema.schema(of: kind).prettyJSON, "file.yml": text])
        let script = "import sys, json, yaml, jsonschema as j; schema = json.load(open(sys.argv[1])); \(code)"
        let result = try await Subprocess.run(
            .name("python3"),
            arguments: [
                "-c", script, folder.path.appending("schema.json").string, folder.path.appending("file.yml").string,
            ],
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput.split(separator: "\n").joined(separator: "\n")
    }
}

extension Skeleton {
    fileprivate static var examples: [(RepoFileKind, String)] {
        guard let datacenter = DatacenterName("snc1"), let platform = Platform("debian-12-x86_64"),
            let hostclass = HostclassName("web"), let user = LoginName("ann"), let group = GroupName("ops")
        else { return [] }
        let files: [(RepoFileKind, RepoFile)] = [
            (.roller, repository[0]),
            (.datacenter, Skeleton.datacenter(datacenter, platform: platform, configServers: ["http://a:1"])),
            (.hostclass, Skeleton.hostclass(hostclass)),
            (.user, Skeleton.user(user, uid: 2000, fullName: "Ann", keys: [])),
            (.group, Skeleton.group(group, gid: 2000, members: [user])),
        ]
        return files.map { ($0.0, String(decoding: $0.1.bytes, as: UTF8.self)) }
    }
}

/// Whether Python is here, with what it needs to judge a file.
private func canValidate() -> Bool {
    system("python3 -c 'import yaml, jsonschema; jsonschema.Draft202012Validator' >/dev/null 2>&1") == 0
}
