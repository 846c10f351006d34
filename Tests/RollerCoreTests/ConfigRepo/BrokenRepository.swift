@testable import RollerCore

/// The mistakes of a table, each made in a good repository.
enum BrokenRepository {
    struct Row: Sendable {
        let name: String
        let breaks: @Sendable (inout GoodRepository) -> Void

        init(_ name: String, _ breaks: @escaping @Sendable (inout GoodRepository) -> Void) {
            self.name = name
            self.breaks = breaks
        }

        /// A change of one part of a file of the state.
        static func head(_ path: String, _ old: String, _ new: String) -> Row {
            Row("\(path): \(old) -> \(new)".flat) { $0.head.edit(path, old, new) }
        }

        /// A change of one part of a file of the release.
        static func release(_ path: String, _ old: String, _ new: String) -> Row {
            Row("\(path) at the release: \(old) -> \(new)".flat) { $0.release.edit(path, old, new) }
        }

        /// A file that is added, or replaced as a whole.
        static func file(_ path: String, _ text: String = "", _ kind: RepoFile.Kind = .file) -> Row {
            Row("\(path) is \(kind): \(text)".flat) { $0.head.set(path, text, kind: kind) }
        }
    }

    struct Group: Sendable, CustomStringConvertible {
        let name: String
        let rows: [Row]
        var description: String { name }
    }

    static let host = "hosts/web-07.snc1.example.com.yml"
    static let web = "hostclasses/web.yml"
    static let lock = "hostclasses/web.lock.yml"
    static let snc1 = "datacenters/snc1.yml"
    static let conf = "files/web/etc/nginx/nginx.conf.mustache"

    static let groups = [
        Group(name: "layout", rows: layout), Group(name: "yaml", rows: yaml), Group(name: "hosts", rows: hosts),
        Group(name: "classes", rows: classes), Group(name: "locks", rows: locks),
        Group(name: "services", rows: services),
        Group(name: "files", rows: files), Group(name: "settings", rows: settings), Group(name: "people", rows: people),
    ]

    static let layout: [Row] = [
        Row("no roller.yml") { $0.head["roller.yml"] = nil },
        .head("roller.yml", "1", "2"), .head("roller.yml", "1", "0"), .head("roller.yml", "1", "\"1\""),
        .head("roller.yml", "format", "formt"), .head("roller.yml", "1", "1\nwaves: {wbe: [1, 10%], db: [1]}"),
        .file("roller.yaml"), .file("notes.txt"), .file("host/a.yml"),
        .file("stuff/a.yml"), .file("hosts/snc1/a.yml"), .file("hosts/a.yaml", "{}\n"), .file("hosts/a"),
        .file("hosts/A.yml", "{}\n"), .file("hostclasses/Web.yml", "{}\n"), .file("hostclasses/9.lock.yml"),
        .file("datacenters/snc_1.yml", "{}\n"), .file("groups/Ops.yml", "{}\n"), .file("files/readme"),
        .file("files/db/etc/db.conf"), .file("hostclasses/db.lock.yml", "{}\n"), .file("home/.profile"),
        .file("hosts/\u{1b}[2J\u{202e}.yml"), .file("hosts/a.yml", "../x", .symlink),
        .file("datacenters/b.yml", "", .submodule), .file("hostclasses/web.yml", "db.yml", .symlink),
        .file("hostclasses/web.lock.yml", "db.lock.yml", .symlink),
        .file("files/web/etc/link", "/etc/passwd", .symlink),
        .file("files/web/etc/module", "", .submodule),
    ]

    static let yaml: [Row] = [
        .head(snc1, "settings: {", "settings: ["), .head(snc1, "platform:", "platform: debian\nplatform:"),
        .head(host, "datacenter: snc1", "datacenter: no"), .head(host, "workers: 8", "workers: 0644"),
        .head(host, "workers: 8", "<<: {a: 1}"), .head(host, "workers: 8", "workers: !!int 8"),
        .head(host, "datacenter", "---\ndatacenter"), .head(host, "workers: 8", "[a]: 8"),
        .head(host, "settings:", "\tsettings:"), .head(host, "workers: 8", "workers: *w"),
        .head(host, "workers: 8", "&a workers: &a 8"), .head(host, "workers: 8", "no: 8"), .file(host),
        .file(host, "# nothing\n"), .file(host, "\u{feff}hostclass: web@2026.11.22-1\ndatacenter: snc1\n"),
        .file(host, "hostclass: web@2026.11.22-1\r\ndatacenter: snc1\r\n"),
        Row("not UTF-8") { $0.head[host] = RepoFile(path: host, bytes: [0x61, 0x3a, 0xff, 0x0a]) },
        .head(host, "snc1", "snc1 # \u{202e}"), .head(host, "[a, b]", String(repeating: "[", count: 40)),
        .head(host, "snc1", "snc1\nx-notes: {anything: goes}\nhosclass: x"),
    ]

    static let hosts: [Row] = [
        .head(host, "web@2026.11.22-1", "web"), .head(host, "web@2026.11.22-1", "Web@1"),
        .head(host, "web@2026.11.22-1", "web@2026.11.22-2"), .head(host, "web@2026.11.22-1", "wbe@2026.11.22-1"),
        .head(host, "web@2026.11.22-1", "mail@1"),
        .head(host, "web@2026.11.22-1", "web@\(String(repeating: "0", count: 40))"),
        .head(host, "hostclass: web@2026.11.22-1\n", ""), .head(host, "datacenter: snc1\n", ""),
        .head(host, "snc1", "snc2"), .head(host, "snc1", "ewr1"), .head(host, "snc1", "7"),
        .head(host, "snc1", "[snc1]"),
        .head(host, "datacenter: snc1", "datacenter: snc1\nplatform: any"),
        .head(host, "datacenter: snc1", "datacenter: snc1\nplatform: Debian"),
        .head(host, "hostclass:", "hostclas:"), .head(snc1, "platform: debian-12-x86_64\n", ""),
        .file(host, "- hostclass\n"), .file(host, "just text\n"),
        .head(snc1, "https://config1.snc1.example.com:8443", "config1:8443"),
        .head(snc1, "https://config1.snc1.example.com:8443", "https://config1/"),
        .head(snc1, "[https://config1.snc1.example.com:8443]", "https://config1.snc1.example.com:8443"),
        .head(snc1, "[https://config1.snc1.example.com:8443]", "[1, ~]"),
        Row("a release without the class") { $0.release[web] = nil },
    ]

    static let classes: [Row] = [
        .head(web, "nginx: 1.25.3-2", "Nginx: 1.25.3-2"), .head(web, "nginx: 1.25.3-2", "nginx: 1.25 3"),
        .head(web, "nginx: 1.25.3-2", "nginx: [1]"), .head(web, "nginx: 1.25.3-2", "nginx:"),
        .head(web, "{nginx: 1.25.3-2, strace: 6.10}", "[nginx]"),
        .head(web, "packages: {nginx: 1.25.3-2, strace: 6.10}", "packages:"),
        .head(web, "upstreams: list", "upstreams: array"), .head(web, "upstreams: list", "upstreams: lst"),
        .head(web, "upstreams: list", "upstreams: list, port: int"),
        .head(web, "[var/lib/nginx]", "[var/lib/nginx, var/lib]"),
        .head(web, "[var/lib/nginx]", "[/var/lib/nginx]"), .head(web, "[var/lib/nginx]", "var/lib/nginx"),
        .head(web, "\"0640 root:nginx\"", "0640"), .head(web, "\"0640 root:nginx\"", "\"640\""),
        .head(web, "\"0640 root:nginx\"", "[]"), .head(web, "etc/nginx/key.pem:", "../key.pem:"),
        .head(web, "etc/nginx/key.pem:", "var/lib/nginx/x:"), .head(web, "[web-team]", "[web-tem]"),
        .head(web, "[web-team]", "[ops]"), .head(web, "login:", "logins:"),
        .head(web, "downtime-budget: 5s", "downtime-budget: 5"),
        .head(web, "downtime-budget: 5s", "downtime-budgte: 5s"), .head(web, "downtime-budget: 5s", "version: 1"),
    ]

    static let locks: [Row] = [
        Row("no lock") { $0.release[lock] = nil },
        .release(lock, "version: 6.10", "version: 6.1"), .release(lock, "strace:", "strce:"),
        .release(lock, "any:", "debian-11-x86_64:"), .head(lock, "lock: 1", "lock: 2"),
        .head(lock, "size: 7", "size: -7"),
        .head(lock, "size: 7", "size: \"7\""), .head(lock, "any: {archive: \"sha256:0", "any: {archive: \"0"),
        .head(lock, "size: 7, ", ""), .head(lock, "lock: 1\n", ""), .release(lock, "lock: 1", "lock: two"),
    ]

    static let services: [Row] = [
        .head(web, "systemd: nginx.service", "systemd: nginx"),
        .head(web, "systemd: nginx.service", "systemd: --force.service"),
        .head(web, "systemd: nginx.service", "systemd: nginx.service\n    start: [x]"),
        .head(web, "    systemd: nginx.service\n", ""), .head(web, "stop: [bin/log, --stop]", "reload: [bin/log]"),
        .head(web, "stop: [bin/log, --stop]", "stop: bin/log --stop"),
        .head(web, "stop: [bin/log, --stop]", "stop: []"),
        .head(web, "stop: [bin/log, --stop]", "stop: [bin/log, true]"), .head(web, "timeout: 5s", "timeout: soon"),
        .head(web, "\"http://127.0.0.1:{{port}}/healthz\"", "localhost"),
        .head(web, "{http: \"http://127.0.0.1:{{port}}/healthz\", within: 10s}", "{tcp: localhost}"),
        .head(web, "{http: \"http://127.0.0.1:{{port}}/healthz\", within: 10s}", "{within: 10s}"),
        .head(web, "{http: \"http://127.0.0.1:{{port}}/healthz\", within: 10s}", "{htp: x}"),
        .head(web, "uses: [nginx, etc/nginx]", "uses: [/etc/nginx]"),
        .head(web, "uses: [nginx, etc/nginx]", "uses: nginx"),
        .head(web, "uses: [nginx, etc/nginx]", "uses: [ngnix, etc/nginx]"),
        .head(web, "uses: [nginx, etc/nginx]", "uses: [postfix, bin, etc/postfix, var/lib/nginx/cache]"),
        Row("uses of a class without packages") {
            $0.head[conf] = nil
            $0.head.set(web, "services: {log: {systemd: log.service, uses: [log, bin, etc/nginx/key.pem, etc]}}\n")
        },
        Row("a mode of a class without packages") {
            $0.head[conf] = nil
            $0.head.set(web, "modes: {etc/nginx/key.pm: \"0600\", etc/nginx: \"0700\", sbin/x: \"0700\"}\n")
        },
        .head(web, "{{port}}", "{{port"), .head(web, "[sbin/nginx, -t]", "[sbin/nginx, \"{{#a}}\"]"),
        .head(web, "  log:", "  Log:"), .release(web, "{{port}}", "{{prot}}"), .release(web, "{{port}}", "{{port"),
        .release(web, "--port, 99", "--port, \"{{names}}\""),
    ]

    static let files: [Row] = [
        .release(conf, "{{workers}}", "{{worker}}"), .release(conf, "{{workers}}", "{{workers"),
        .release(conf, "{{workers}}", "{{names}}"), .release(conf, "{{/upstreams}}", "{{/upstream}}"),
        .release(conf, "{{workers}}", "{{roller.hots}}"), .head(conf, "{{workers}}", "{{> part}}"),
        .head(conf, "{{workers}}", "{{worker}} {{roller.host}} {{#upstream}}{{name}}{{/upstream}}"),
        Row("a template that is no text") { $0.head[conf] = RepoFile(path: conf, bytes: [0xff]) },
        Row("an endless template") {
            $0.release.edit(
                conf, "{{workers}}",
                String(repeating: "{{#upstreams}}", count: 21)
                    + "0123456789abcdef" + String(repeating: "{{/upstreams}}", count: 21))
        },
        .file("files/web/etc/nginx/nginx.conf"), .file("files/web/etc/nginx/key.pem/more"),
        .file("files/web/var/lib/nginx/data"), .file("files/web/.roller/generation.json"), .file("files/web/.mustache"),
        .file("files/web/etc/a\nb"), .file("files/\u{301}web/x"),
        .file("files/web/var"),
        Row("too much") {
            $0.head["files/web/big"] = RepoFile(path: "files/web/big", bytes: Array(repeating: 0, count: 5 << 20))
        },
    ]

    static let settings: [Row] = [
        .head(host, "workers: 8", "worker: 8"), .head(host, "workers: 8", "colour: red"),
        .head(host, "workers: 8", "workers: \"8\""), .head(host, "workers: 8", "workers: [8]"),
        .head(snc1, "ntp: [10.1.0.1, 10.1.0.2]", "ntp: 10.1.0.1"),
        .head(snc1, "ntp: [10.1.0.1, 10.1.0.2]", "port: false, ntp: [a]"),
        .head(host, ", upstreams: [a, b]", ""), .head(host, "workers: 8", "workers: 8.5"),
        .head(host, "workers: 8", "workers:"),
        .head(host, "workers: 8", "workers: {a: [1, no, 1.5]}"), .head(host, "workers: 8", "roller: 8"),
        .head(host, "{workers: 8, upstreams: [a, b]}", "~"), .head(host, "{workers: 8, upstreams: [a, b]}", "7"),
    ]
}

extension String {
    /// On one line, with nothing in it that does not show.
    fileprivate var flat: String {
        String(
            flatMap {
                $0.unicodeScalars.map {
                    $0.value < 0x20 || $0 == "\u{202e}" || $0 == "\u{feff}"
                        ? "\\u{\(String($0.value, radix: 16))}" : String($0)
                }.joined()
            })
    }
}
