extension CodeExplanation {
    static let yamlSyntax = CodeExplanation(
        .yamlSyntax, "text that is no YAML",
        why: "Nothing, or the wrong thing, would be read of the file from this place on.",
        fix: "Mend the place that is shown; the mistake may be a line above, such as a bracket or quote left open.",
        ExampleFile.host, "hostclass: web@1\n\tdatacenter: snc1\n", mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let yamlDuplicateKey = CodeExplanation(
        .yamlDuplicateKey, "a key that is there twice",
        why: """
            Most readers of YAML take the last one in silence. Whoever edits the first one then changes nothing, and a merge \
            that went wrong looks right.
            """,
        fix: "Remove one of the two.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: snc1\ndatacenter: ams1\n",
        mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let yamlAmbiguousScalar = CodeExplanation(
        .yamlAmbiguousScalar, "a value that YAML 1.1 and YAML 1.2 read differently",
        why: """
            `no` is false to one reader and text to the next, 0644 is 420 or 644, 1:30 is 90 or text. Editors, scripts and \
            Roller would disagree about what a host gets.
            """,
        fix:
            "Put it in quotes if it is text, or write the number or true or false in the one way that all readers share.",
        ExampleFile.host, "hostclass: web@1\ndatacenter: no\n", mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let yamlForbidden = CodeExplanation(
        .yamlForbidden, "a feature of YAML that is left out",
        why: """
            Merge keys, tags, directives, several documents and keys that are no text make a file mean more than it shows. \
            Settings are set whole by one level or another, and never merged.
            """,
        fix: "Write out what is meant. Anchors and aliases may be used for whole values.",
        ExampleFile.host, "x-usual: &usual {workers: 8}\nhostclass: web@1\ndatacenter: snc1\nsettings:\n  <<: *usual\n",
        mended: "x-usual: &usual {workers: 8}\nhostclass: web@1\ndatacenter: snc1\nsettings: *usual\n")

    static let yamlTooLarge = CodeExplanation(
        .yamlTooLarge, "a document that is too large, too deep, or grows too much",
        why: """
            A few lines of aliases of aliases can stand for gigabytes. One file must not be able to stop the server of a \
            whole datacenter.
            """,
        fix: "Write it flatter or in fewer words; what is data and not config belongs into a package.",
        ExampleFile.host,
        "hostclass: web@1\ndatacenter: snc1\nx-deep: \(String(repeating: "[", count: 33))\(String(repeating: "]", count: 33))\n",
        mended: "hostclass: web@1\ndatacenter: snc1\n")

    static let yamlText = CodeExplanation(
        .yamlText, "text that is not plain UTF-8 with plain line ends",
        why: """
            Bytes that are no UTF-8, byte-order marks, CR LF and characters that do not show would go on into the files of \
            hosts, where a shell or a daemon chokes on them, and no diff shows them.
            """,
        fix: "Save the file as UTF-8 with LF. `dos2unix` does it; `.gitattributes` with `* text eol=lf` keeps it so.",
        ExampleFile.host, "hostclass: web@1\r\ndatacenter: snc1\r\n", mended: "hostclass: web@1\ndatacenter: snc1\n")
}
