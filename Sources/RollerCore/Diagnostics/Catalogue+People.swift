extension CodeExplanation {
    static let reservedAccount = CodeExplanation(
        .reservedAccount, "a user or group with the name of one of the system's",
        why: """
            The host has an account of that name already, with rights and files of its own. Trueing it up would give a \
            person those rights, or take them from the system.
            """,
        fix: "Choose another name.",
        "groups/sudo.yml", "gid: 2002\nmembers: [ann]\n", mended: nil)

    static let reservedNumber = CodeExplanation(
        .reservedNumber, "a uid or gid that belongs to the system",
        why: """
            Numbers below 1000 are for accounts that packages make, 61184 to 65535 for systemd's dynamic users and \
            nobody. Whoever has such a number owns their files.
            """,
        fix: "Use a number from 1000 to 60000.",
        ExampleFile.user, "uid: 999\n", mended: "uid: 2101\n")

    static let numberTaken = CodeExplanation(
        .numberTaken, "a uid or gid that two have",
        why: """
            To the kernel the number is the account: each would own the other's files. That holds for leavers too, whose \
            files may still lie on some host.
            """,
        fix:
            "Give the newer one another number. A leaver's file stays, with `state: gone`, and keeps the number taken.",
        "users/bob.yml", "uid: 2101\n", mended: "uid: 2102\n")

    static let badKey = CodeExplanation(
        .badKey, "a line that is no SSH public key",
        why: """
            sshd would pass over the line in silence, and its owner could not log in; options before a key can change what \
            it may do. A key is read to its end, since one that is cut off looks right at a glance.
            """,
        fix: """
            Write the line of the .pub file: its type, the key, a comment. Use ssh-ed25519, ecdsa, their -sk forms, or RSA \
            from 2048 bits on.
            """,
        ExampleFile.user, "uid: 2101\nkeys:\n  - \(ExampleRepository.key.dropLast(8))\n",
        mended: "uid: 2101\nkeys:\n  - \(ExampleRepository.key)\n")

    static let sharedKey = CodeExplanation(
        .sharedKey, "one key for two people",
        why: "Logs cannot tell who came in, and when one of them leaves, the key stays with the other.",
        fix: "Give each person a key of their own.",
        "users/bob.yml", "uid: 2102\nkeys:\n  - \(ExampleRepository.key) bob\n", mended: "uid: 2102\n",
        others: [ExampleFile.user: "uid: 2101\nkeys:\n  - \(ExampleRepository.key) ann\n"])

    static let unknownUser = CodeExplanation(
        .unknownUser, "a group or home of a user who is not there",
        why: "Nobody would get the access or the files, or someone who comes later under that name would, unnoticed.",
        fix: "Correct the name, or add users/NAME.yml.",
        ExampleFile.group, "gid: 2001\nmembers: [anne]\n", mended: "gid: 2001\nmembers: [ann]\n")

    static let memberGone = CodeExplanation(
        .memberGone, "a group has a member who has left",
        why: """
            Whoever is gone gets no account, but lists of members are read by people too. And should the state be mended by \
            mistake, the access would be back.
            """,
        fix: "Remove the name from the group.",
        ExampleFile.user, "uid: 2101\nstate: gone\n", mended: "uid: 2101\nstate: active\n")
}
