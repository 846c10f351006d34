extension CodeExplanation {
    static let notARepository = CodeExplanation(
        .notARepository, "there is no roller.yml at the root",
        why: """
            roller.yml marks a config repository and says its format. Without it any other repository, or a folder within \
            one, would be read as one without hosts, and lint would find nothing wrong with it.
            """,
        fix: "Write `format: 1` into roller.yml at the root, or go to the right repository (-C).",
        ExampleFile.root, nil, mended: "format: 1\n")

    static let unexpectedFile = CodeExplanation(
        .unexpectedFile, "a file where none belongs",
        why: """
            The tree has a fixed depth and fixed places. A file elsewhere would be silently without effect: a host in a \
            folder of hosts/ or in a .yaml file would never be rolled, and nobody would notice.
            """,
        fix: """
            Move it to where it counts, or remove it. README*, LICENSE* and names that begin with a dot are free, at the root.
            """,
        "hosts/snc1/web-02.example.com.yml", "hostclass: web@1\ndatacenter: snc1\n", mended: nil)

    static let badName = CodeExplanation(
        .badName, "a name that breaks its rule",
        why: """
            Names become git tags, paths, accounts and parts of addresses, and are compared byte by byte everywhere. What \
            one of these would refuse, or take for another name, is refused here.
            """,
        fix: "Rename it by the rule in the hint.",
        "datacenters/Snc1.yml", "platform: debian-12-x86_64\n", mended: nil)

    static let unsupportedFormat = CodeExplanation(
        .unsupportedFormat, "a format of the repository that this program does not know",
        why: """
            A later format may mean other things by the same words. Better not to read it than to roll hosts by a guess.
            """,
        fix: "Upgrade rollerctl, the config servers and roll, or write the format that they know.",
        ExampleFile.root, "format: 2\n", mended: "format: 1\n")

    static let notAPlainFile = CodeExplanation(
        .notAPlainFile, "a symbolic link or a submodule",
        why: """
            What a link leads to is another file, maybe outside the repository, and a submodule is another repository at a \
            commit of its own. A commit could then not say what a host gets.
            """,
        fix: "Put the file itself here. Links that hosts need go into a package.",
        "hosts/web-02.example.com.yml", "web-01.example.com.yml\n", mended: nil, kind: .symlink)
}
