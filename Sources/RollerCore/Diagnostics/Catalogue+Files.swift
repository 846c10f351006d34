extension CodeExplanation {
    static let templateSyntax = CodeExplanation(
        .templateSyntax, "a template that cannot be read",
        why: "A tag or section that is not closed would swallow the rest of the file.",
        fix: "Close it. Where two braces are meant as text, set other delimiters before: {{=<% %>=}}.",
        ExampleFile.template, "workers {{workers\n", mended: "workers {{workers}}\n")

    static let templateUnknownName = CodeExplanation(
        .templateUnknownName, "a template names what is not set",
        why: """
            Other engines write an empty text there, and a daemon starts with half a config. Here it is an error, for every \
            host that would get it.
            """,
        fix: "Correct the name, or declare the setting in the class, with a default or under `required`.",
        ExampleFile.template, "workers {{wrokers}}\n", mended: "workers {{workers}}\n")

    static let templateWrongType = CodeExplanation(
        .templateWrongType, "a template uses a value as what it is not",
        why: "A list or a map has no one way to be written as text, and a text has no names in it.",
        fix: "Repeat over a list, {{#list}}{{.}}{{/list}}; name an entry of a map, {{map.entry}}.",
        ExampleFile.template, "workers {{workers.all}}\n", mended: "workers {{workers}}\n")

    static let badFilePath = CodeExplanation(
        .badFilePath, "a class's file that cannot be laid onto a host",
        why: """
            Its path is none below the prefix, or it would stand where Roller keeps its own record, or the class's files are \
            more than a bundle carries.
            """,
        fix: "Rename it by the rule in the hint; make a package of what is large.",
        "files/web/.roller/motd", "hello\n", mended: nil)

    static let badMode = CodeExplanation(
        .badMode, "a mode that cannot be set",
        why: """
            0644 without quotes is 420 to one reader of YAML and 644 to another. A mode for what nothing brings is a slip, \
            and the file that it was meant for keeps the mode that it has.
            """,
        fix:
            "Write four octal digits in quotes, and an owner if it is not root: \"0640 root:nginx\". Name a path that is there.",
        ExampleFile.hostclass, "settings: {workers: 4}\nmodes: {etc/web.conf: 0640}\n",
        mended: "settings: {workers: 4}\nmodes: {etc/web.conf: \"0640\"}\n")

    static let templateTooLarge = CodeExplanation(
        .templateTooLarge, "a template whose text grows too large",
        why: "Lists within lists multiply. One template must not be able to stop a server or a host.",
        fix: "Look for sections within sections over the same list.",
        ExampleFile.template,
        "workers {{workers}}\n" + String(repeating: "{{#all}}", count: 9) + "x"
            + String(repeating: "{{/all}}", count: 9)
            + "\n",
        mended: "workers {{workers}}{{#all}}x{{/all}}\n",
        others: [ExampleFile.hostclass: "settings: {workers: 4, all: [1, 2, 3, 4, 5, 6, 7, 8]}\n"])
}
