extension CodeExplanation {
    static let unknownHostclass = CodeExplanation(
        .unknownHostclass, "a host names a class that is not there",
        why: "Nothing says what the host should be.",
        fix: "Correct the name, or add the class, release it, and name that release.",
        ExampleFile.host, "hostclass: wbe@1\ndatacenter: snc1\n", mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let unknownDatacenter = CodeExplanation(
        .unknownDatacenter, "a host names a datacenter that is not there",
        why: "The host would get none of the values of its place: name servers, time servers, config servers.",
        fix: "Correct the name, or add datacenters/NAME.yml.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc2\n", mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let unknownRelease = CodeExplanation(
        .unknownRelease, "a host names a release or commit that is not there",
        why: """
            Releases are git tags. Without the tag nothing says which state of the class the host gets; nothing is ever \
            \"the latest\".
            """,
        fix: """
            Correct the name, make the release with `rollerctl release CLASS`, or fetch the tags (`git fetch --tags`; in CI, \
            a full clone).
            """,
        ExampleFile.host, "hostclass: web@2\ndatacenter: snc1\n", mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let releaseMoved = CodeExplanation(
        .releaseMoved, "a release whose tag moved",
        why: """
            A release is one state of a class for ever. If its tag moves, hosts that name the same release differ, and going \
            back to it goes somewhere else.
            """,
        fix: "Move the tag back, and make a new release for the new state.",
        foundBy:
            "whoever saw the tag before: the config server refuses the commit, since the repository keeps no trace of it"
    )

    static let platformMissing = CodeExplanation(
        .platformMissing, "neither host nor datacenter says what the machine is",
        why: "Which build of a package fits the host is not known.",
        fix: "Write `platform:` into the datacenter's file, or into the host's where it differs.",
        ExampleFile.datacenter, "settings: {workers: 8}\n",
        mended: "platform: debian-12-x86_64\nsettings: {workers: 8}\n")

    static let unknownGroup = CodeExplanation(
        .unknownGroup, "a class gives access to a group that is not there",
        why: "Nobody would get in, or a group made later under that name would, unnoticed.",
        fix: "Correct the name, or add groups/NAME.yml.",
        ExampleFile.hostclass, "settings: {workers: 4}\naccess: {login: [osp]}\n",
        mended: "settings: {workers: 4}\naccess: {login: [ops]}\n")

    static let hostsTrailer = CodeExplanation(
        .hostsTrailer, "a commit that changes many hosts and does not say how many",
        why: """
            Above `limits: hosts-per-commit` in roller.yml a commit must say how many hosts it changes, so that whoever makes \
            it and whoever reviews it know.
            """,
        fix: """
            Look at what it means with `rollerctl impact COMMIT^..COMMIT`; write the number that lint names as a trailer \
            of the message, `Roller-Hosts: N`, or make the change in smaller steps.
            """,
        foundBy: "`rollerctl lint --range A..B`, which looks at each commit")

    static let badService = CodeExplanation(
        .badService, "a service that could not be run or checked",
        why: "It would fail on the host between stopping and starting, when it costs most.",
        fix: """
            Give it a systemd unit with its suffix, or start and stop as argument lists; give each check one of http, tcp or \
            run.
            """,
        ExampleFile.hostclass, "settings: {workers: 4}\nservices: {web: {systemd: web}}\n",
        mended: "settings: {workers: 4}\nservices: {web: {systemd: web.service}}\n")

    static let serviceUsesNothing = CodeExplanation(
        .serviceUsesNothing, "a service uses what is not there",
        why: """
            A service is restarted when something in `uses` changes. A name that nothing brings never changes, so the \
            service would go on with its old files. As a warning it is a guess: what a package brings is known only with \
            --manifests or --server.
            """,
        fix: "Name a package of the class, or a path that one of its packages or files brings.",
        ExampleFile.hostclass,
        "settings: {workers: 4}\nservices: {web: {systemd: web.service, uses: [etc/wbe.conf]}}\n",
        mended: "settings: {workers: 4}\nservices: {web: {systemd: web.service, uses: [etc/web.conf]}}\n")
}
