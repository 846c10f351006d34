@testable import RollerCore

/// A repository that nothing is wrong with, to be broken in one place at a time.
struct GoodRepository {
    /// The files of the state.
    var head = files
    /// The files of the release that its hosts name.
    var release = files
    /// Tags of the class other than that of the release.
    var otherTags: [String] = []

    static let reference = "web@2026.11.22-1"
    static let revision = String(repeating: "ab", count: 20)
    static let digest = String(repeating: "0", count: 64)

    static let annsKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILZ2Vr82WjGpZk5Wr2ZmqF0sPLYR2SmUTdW/sd/oEuu4"

    static let files: [String: RepoFile] = Dictionary(
        uniqueKeysWithValues: texts.map { ($0.key, RepoFile(path: $0.key, bytes: Array($0.value.utf8))) })

    private static let texts = [
        "roller.yml": "format: 1\n",
        "README.md": "Ours.\n",
        ".gitignore": "*.swp\n",
        "datacenters/snc1.yml": """
        platform: debian-12-x86_64
        config-servers: [https://config1.snc1.example.com:8443]
        settings: {ntp: [10.1.0.1, 10.1.0.2], unused: "here"}

        """,
        "groups/web-team.yml": "gid: 2001\nmembers: [ann]\n",
        "users/ann.yml": """
        uid: 2101
        name: Ann Example
        shell: /bin/bash
        keys:
          - \(annsKey) ann@example.com

        """,
        "users/bob.yml": "uid: 2102\nstate: gone\n",
        "home/ann/.profile": "set -u\n",
        "hostclasses/web.yml": """
        packages: {nginx: 1.25.3-2, strace: 6.10}
        settings:
          workers: 4
          port: 8080
          tls: false
          names: {main: www}
        required: {upstreams: list, ntp: list}
        services:
          nginx:
            systemd: nginx.service
            uses: [nginx, etc/nginx]
            validate: [sbin/nginx, -t]
            check: {http: "http://127.0.0.1:{{port}}/healthz", within: 10s}
          log:
            start: [bin/log, --port, 99]
            stop: [bin/log, --stop]
            timeout: 5s
        keep: [var/lib/nginx]
        modes: {etc/nginx/key.pem: "0640 root:nginx"}
        access: {login: [web-team]}
        downtime-budget: 5s

        """,
        "hostclasses/web.lock.yml": """
        lock: 1
        packages:
          nginx:
            version: 1.25.3-2
            platforms:
              debian-12-x86_64: {archive: "sha256:\(digest)", size: 100, manifest: "sha256:\(digest)"}
          strace:
            version: 6.10
            platforms:
              any: {archive: "sha256:\(digest)", size: 7, manifest: "sha256:\(digest)"}

        """,
        "files/web/etc/nginx/nginx.conf.mustache": """
        worker_processes {{workers}};
        listen {{port}};  # {{names.main}}
        {{#upstreams}}
        server {{.}};
        {{/upstreams}}

        """,
        "files/web/etc/nginx/key.pem": "key\n",
        "hosts/web-07.snc1.example.com.yml": """
        hostclass: web@2026.11.22-1
        datacenter: snc1
        settings: {workers: 8, upstreams: [a, b]}

        """,
    ]

    var snapshot: Snapshot {
        let (repo, findings) = ConfigRepo.read(Array(head.values))
        let found = Dictionary(uniqueKeysWithValues: repo.releaseReferences.map { ($0, lookup($0)) })
        return Snapshot(revision: nil, committed: nil, repo: repo, releases: found, findings: findings)
    }

    private func lookup(_ reference: ReleaseReference) -> ReleaseLookup {
        let tags = [Self.reference] + otherTags
        guard let revision = Revision(Self.revision), reference.rawValue == Self.reference else {
            return .missing(near: tags.filter { $0.hasPrefix("\(reference.hostclass)@") })
        }
        let (tree, findings) = HostclassTree.read(
            reference.hostclass, from: Array(release.values), label: "\(reference):")
        guard let tree else { return .unreadable(revision: revision, findings: findings) }
        return .found(Release(reference, at: revision, tree: tree), findings: findings)
    }

    /// Everything that lint finds, as people read it.
    var lint: String { text(of: snapshot.lint()) }

    /// What is there and does nothing.
    var notes: [Diagnostic] {
        snapshot.notes(tags: ([Self.reference] + otherTags).compactMap { ReleaseReference($0) })
    }

    func text(of findings: [Diagnostic]) -> String {
        let label = Self.reference + ":"
        return findings.map { finding in
            finding.text { path in
                let file = path.hasPrefix(label) ? release[String(path.dropFirst(label.count))] : head[path]
                return file.map { String(decoding: $0.bytes, as: UTF8.self) }
            }
        }.joined(separator: "\n")
    }
}

extension [String: RepoFile] {
    /// Adds a file, or puts another in its place.
    mutating func set(_ path: String, _ text: String, kind: RepoFile.Kind = .file) {
        self[path] = RepoFile(path: path, kind: kind, bytes: Array(text.utf8))
    }

    /// Changes a part of a file, where it has that part.
    mutating func edit(_ path: String, _ old: String, _ new: String) {
        let text = String(decoding: self[path]?.bytes ?? [], as: UTF8.self)
        if text.contains(old) { set(path, text.replacing(old, with: new)) }
    }
}
