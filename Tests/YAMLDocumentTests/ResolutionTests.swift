import Testing
import YAMLDocument

/// How plain scalars are read. Checked against PyYAML 6.0 (YAML 1.1), ruamel.yaml (YAML 1.2) and the core schema.
@Suite struct ResolutionTests {
    @Test(arguments: [
        ("", YAMLResolution.null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string),
        ("true", .bool(true)), ("True", .bool(true)), ("FALSE", .bool(false)), ("tRUE", .string), ("yEs", .string),
        ("0", .int(0)), ("42", .int(42)), ("+12", .int(12)), ("-7", .int(-7)), ("-0", .int(0)), ("0x1F", .int(31)),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
        ("1.5", .float), ("6.10", .float), (".5", .float), ("1.", .float), ("-1.5", .float), ("01.5", .float),
        ("1.5e+3", .float), ("1.5E-3", .float), (".5e+3", .float), (".inf", .float), ("-.INF", .float),
        (".NaN", .float),
        ("text", .string), ("a b", .string), ("1.25.3-2", .string), ("2026.11.22-1", .string),
        ("2026-11-22-1", .string),
        ("5s", .string), ("10:80", .string), ("8080:80", .string), ("1:2:", .string), ("::1", .string), ("-", .string),
        (".", .string), ("..", .string), ("+", .string), ("-.nan", .string), (".Nan", .string), ("0x", .string),
        ("0xG", .string), ("0o8", .string), ("0b2", .string), ("1e", .string), ("1e+", .string), ("1-2", .string),
        ("_1", .string), ("1_2-3", .string), ("9e_7", .string), ("10.1.0.1", .string), ("00:1a:2b", .string),
        ("2026-11-22T", .string), ("2026-11-22 text", .string), ("20261-1-2", .string), ("١٢", .string),
    ])
    func readsAlikeEverywhere(_ text: String, _ expected: YAMLResolution) {
        #expect(YAMLScalar(text: text, style: .plain).resolution == expected)
    }

    @Test(arguments: [
        (
            YAMLAmbiguity.Kind.booleanWord,
            ["yes", "Yes", "YES", "no", "No", "NO", "on", "On", "off", "OFF", "y", "Y", "n"]
        ),
        (.leadingZero, ["0644", "-0644", "07", "00", "08", "0999", "00000000000000000000000000000"]),
        (.octalPrefix, ["0o17", "0o777", "-0o17", "0o1_7"]),
        (.binary, ["0b101", "-0b1", "0b1_0"]),
        (.signedHexadecimal, ["-0x1F", "+0x1f"]),
        (.underscore, ["1_000", "1_", "-1_0", "0_1", "0x1_F", "1_0.5", "1.5_0", "._5", "-_5"]),
        // Nothing but underscores: some readers take it for a number, and fail.
        (.underscore, ["+_", "-_", "._", "0x_", "+__", "-._", "-0x_", "._e+3", "._e3"]),
        (.sexagesimal, ["1:30", "1:30.5", "190:20:30", "190:20:30.15", "-1:30", "01:30", "0:0", "1_0:30"]),
        (
            .timestamp,
            [
                "2026-11-22", "2026-1-2", "2026-11-22T10:11:12Z", "2026-11-22t10:11:12.5-05:30", "2026-11-22 10:11:12",
                "2001-12-14 21:59:43.10 -5", "2001-12-14 21:59:43 +0530",
            ]
        ),
        (.exponent, ["1e3", "1e+3", "1.5e3", "12e03", ".5e3", "-1E5"]),
        (.bareFraction, ["-.5", "+.5", "-.5e+3"]),
        (.beyondInt64, ["9223372036854775808", "-9223372036854775809", "0x8000000000000000"]),
        (.valueKey, ["="]),
        (.mergeKey, ["<<"]),
    ])
    func isAmbiguous(_ kind: YAMLAmbiguity.Kind, _ texts: [String]) {
        for text in texts {
            guard case .ambiguous(let ambiguity) = YAMLScalar(text: text, style: .plain).resolution else {
                Issue.record("'\(text)' is read as plain")
                continue
            }
            #expect(ambiguity.kind == kind, "\(text)")
            #expect(ambiguity.hint.contains("\"\(text)\""), "\(ambiguity.hint)")
        }
    }

    @Test(arguments: [
        ("0644", "write \"0644\" in quotes for the text, or 420 for the number"),
        ("0o17", "write \"0o17\" in quotes for the text, or 15 for the number"),
        ("-0x1F", "write \"-0x1F\" in quotes for the text, or -31 for the number"),
        ("08", "write \"08\" in quotes for the text, or 8 for the number"),
        ("no", "write false, or \"no\" in quotes for the text"),
        ("1:30", "write \"1:30\" in quotes"),
    ])
    func theHintSaysWhatToWrite(_ text: String, _ hint: String) {
        guard case .ambiguous(let ambiguity) = YAMLScalar(text: text, style: .plain).resolution else {
            Issue.record("'\(text)' is read as plain")
            return
        }
        #expect(ambiguity.hint == hint)
    }

    @Test(arguments: [YAMLScalar.Style.singleQuoted, .doubleQuoted, .literal, .folded])
    func quotedScalarsAreAlwaysText(_ style: YAMLScalar.Style) {
        for text in ["", "~", "true", "no", "1", "0644", "1.5", "2026-11-22", "<<"] {
            #expect(YAMLScalar(text: text, style: style).resolution == .string)
        }
    }

    @Test func theReasonForAnEndlessNumberIsShort() {
        let scalar = YAMLScalar(text: String(repeating: "9", count: 100_000), style: .plain)
        guard case .ambiguous(let ambiguity) = scalar.resolution else {
            Issue.record("a number of 100,000 digits is read as plain")
            return
        }
        #expect(ambiguity.reason.utf8.count < 200)
        #expect(ambiguity.hint.utf8.count < 200)
    }

    /// Found by fuzzing: to Swift `_` and a combining mark are one Character, which is no underscore, and the reading of
    /// what is left without underscores never ended.
    @Test(arguments: ["+_\u{59c}see`Wn0", "-_\u{301}1", "1_\u{301}0", "0x1_\u{301}F"])
    func anUnderscoreWithACombiningMarkIsText(_ text: String) {
        #expect(YAMLScalar(text: text, style: .plain).resolution == .string)
    }
}
