extension CodeExplanation {
    static let unknownKey = CodeExplanation(
        .unknownKey, "a key that nobody reads",
        why: "It has no effect. Most often it is a slip, and what it was meant to say is not said.",
        fix: "Correct it; the hint has the nearest known key. For a note of your own, let the key begin with `x-`.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc1\nplatfrom: debian-12-arm64\n",
        mended: "hostclass: web@1\ndatacenter: snc1\nplatform: debian-12-arm64\n")

    static let missingKey = CodeExplanation(
        .missingKey, "a key that must be there is not",
        why: "There is no default that would be right: without it, what is meant is not known.",
        fix: "Add the key.",
        ExampleFile.host, "hostclass: web@1\n", mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let wrongType = CodeExplanation(
        .wrongType, "a value of the wrong kind",
        why: "A list where a text belongs, or a number where a name does, can only be guessed at.",
        fix: "Write it as the hint says. Numbers that are names or versions go in quotes.",
        ExampleFile.group, "gid: 2001\nmembers: ann\n", mended: "gid: 2001\nmembers: [ann]\n")

    static let badValue = CodeExplanation(
        .badValue, "a value that breaks its rule",
        why: """
            Each kind of value has a rule: names, paths below the prefix, lengths of time, addresses, releases. What breaks \
            it would fail on the host, or mean something else there.
            """,
        fix: "Write it by the rule in the hint.",
        ExampleFile.hostclass, "settings: {workers: 4}\ndowntime-budget: 5\n",
        mended: "settings: {workers: 4}\ndowntime-budget: 5s\n")

    static let undeclaredSetting = CodeExplanation(
        .undeclaredSetting, "a host sets what its class does not declare",
        why: """
            The templates of the class do not know the setting, so it would have no effect. Of a host that is nearly always \
            a slip. A datacenter may set what only some classes declare, since it serves all of them.
            """,
        fix:
            "Correct the name, or declare the setting in the class, release the class, and pin the host to that release.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc1\nsettings: {wrokers: 8}\n",
        mended: "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 8}\n")

    static let requiredSettingMissing = CodeExplanation(
        .requiredSettingMissing, "nobody sets what the class requires",
        why: """
            The class has no default for it, because none would be right everywhere. Without a value its templates cannot \
            be rendered.
            """,
        fix: "Set it in the datacenter's file if all hosts there share it, else in the host's.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc1\n",
        mended: "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 8}\n",
        others: [ExampleFile.hostclass: "required: {workers: int}\n"])

    static let settingTypeMismatch = CodeExplanation(
        .settingTypeMismatch, "a setting of another type than its class declares",
        why: """
            The default, or the entry in `required`, fixes the type. A list where the template writes a number, or \"8\" \
            where a reader counts, would come out wrong on the host.
            """,
        fix: "Write a value of the declared type, or change the type in the class and release it.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: \"8\"}\n",
        mended: "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 8}\n")

    static let unsupportedValue = CodeExplanation(
        .unsupportedValue, "a value that settings cannot hold",
        why: """
            Settings hold text, whole numbers, true and false, lists and maps. Fractions change when they are read and \
            written (1.10 becomes 1.1), and an empty value may mean empty, unset or forgotten.
            """,
        fix:
            "Put a fraction or a version in quotes, count in a smaller unit, write \"\" for empty text, or leave the key out.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 1.10}\n",
        mended: "hostclass: web@1\ndatacenter: snc1\nsettings: {workers: 2}\n")
}
