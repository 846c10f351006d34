@testable import RollerCore

extension BrokenRepository {
    static let ann = "users/ann.yml"
    static let team = "groups/web-team.yml"

    static let people: [Row] =
        [
            .head(ann, "uid: 2101", "uid: 999"), .head(ann, "uid: 2101", "uid: 65534"),
            .head(ann, "uid: 2101", "uid: 61184"), .head(ann, "uid: 2101", "uid: -1"),
            .head(ann, "uid: 2101", "uid: 4294967296"), .head(ann, "uid: 2101", "uid: \"2101\""),
            .head(ann, "uid: 2101\n", ""), .head(ann, "uid: 2101", "uid: 2102"), .head(ann, "uid:", "uuid:"),
            .head(ann, "Ann Example", "\"Ann: Example\""), .head(ann, "/bin/bash", "bash"),
            .head(ann, "/bin/bash", "/bin/../bash"), .head(ann, "/bin/bash", "/bin/ba:sh"),
            .head(ann, "name: Ann", "state: left\nname: Ann"), .head(ann, "name: Ann", "state: actve\nname: Ann"),
            .head(ann, "name: Ann", "state: gone\nname: Ann"), .head(ann, "name: Ann", "password: x\nname: Ann"),
            .file("users/root.yml", "uid: 2109\n"), .file("users/Ann.yml", "uid: 2109\n"),
            .file("users/ann.smith.yml", "uid: 2109\n"), .file("users/carl.yml", "uid: 2101\n"),
            .file("users/carl.yml", "uid: 2109\nkeys: [\(GoodRepository.annsKey)]\n"),
            .head(ann, "  - ssh", "  - \(GoodRepository.annsKey) home\n  - ssh"),
            .head(team, "gid: 2001", "gid: 27"), .head(team, "gid: 2001\n", ""), .head(team, "[ann]", "[an]"),
            .head(team, "[ann]", "[bob]"), .head(team, "[ann]", "[ann, ann]"), .head(team, "[ann]", "ann"),
            .head(team, "[ann]", "[Ann]"), .head(team, "members:", "member:"),
            .file("groups/ops.yml", "gid: 2001\n"), .file("groups/sudo.yml", "gid: 2009\n"),
            .file("groups/a-name-longer-than-groupadd-takes.yml", "gid: 2009\n"),
            .file("home/carl/.profile"), .file("home/an/.profile"), .file("home/Ann/.profile"),
            .file("home/ann/.ssh", "/etc", .symlink),
            Row("a user's file that cannot be read") { $0.head.set(ann, "uid: [\n") },
        ] + keys

    /// What may stand in place of a public key.
    private static let keys: [Row] =
        [
            "ssh-dss AAAAB3NzaC1kc3M= old", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!!! ann",
            String(GoodRepository.annsKey.dropLast(4)), "ssh-rsa " + GoodRepository.annsKey.dropFirst(12),
            "no-pty " + GoodRepository.annsKey, "command=\"ls\",no-pty " + GoodRepository.annsKey,
            "ssh-ed25519-cert-v01@openssh.com AAAA", "ssh-ed52219 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----", "",
            // 1024 bits.
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDoFgi45Mpc2RfchNNzmov8dBLgQ7tWcz2ieVw4sjZdZO6cIQsUbg+CbGqiyMdmadvvitkszx4NG/9d4IEnQVjL8871UCKBz1W6dwjgJxCSVoGu+s5H4Z1PrIHP3t6Vc2SZFG48bE4lBKC71YRh/yokLWBCM7I33HH1FEE1EVz1pw== rsa",
        ].map { key in
            Row("a key: \(key.prefix(60))") { $0.head.set(ann, "uid: 2101\nkeys:\n  - '\(key)'\n") }
        } + [
            Row("two keys in one text") {
                $0.head.set(
                    ann, "uid: 2101\nkeys:\n  - |\n    \(GoodRepository.annsKey)\n    \(GoodRepository.annsKey)\n")
            }
        ]
}
