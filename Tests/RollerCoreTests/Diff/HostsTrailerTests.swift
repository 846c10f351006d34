import Testing

@testable import RollerCore

/// The `Roller-Hosts` trailer.
struct HostsTrailerTests {
    @Test(arguments: [
        ("Change\n\nRoller-Hosts: 12\n", HostsTrailer.says(12)),
        ("Change\n\nRoller-Hosts: 12", .says(12)),
        ("Change\r\n\r\nRoller-Hosts: 12\r\n", .says(12)),
        ("Change\n\nroller-hosts:12\n\n\n", .says(12)),
        ("Change\n\nBody.\n\nReviewed-by: Bob\nRoller-Hosts: 12\nSigned-off-by: Ann", .says(12)),
        ("Change\n\nRoller-Hosts: 12\nRoller-Hosts: 12\n", .says(12)),
        ("Change\n\nsome words here\nRoller-Hosts: 12\nSigned-off-by: Ann", .says(12)),
        ("Roller-Hosts: 12", .missing),
        ("Change\n\nRoller-Hosts: 12\n\nAnother paragraph.\n", .missing),
        ("Change\n\nIt says\nRoller-Hosts: 12\n", .missing),
        ("Change\nRoller-Hosts: 12\n", .missing),
        ("", .missing),
        ("\n\n", .missing),
        ("Change\n\nRoller-Hosts: 12\nRoller-Hosts: 13\n", .unreadable("12, 13")),
        ("Change\n\nRoller-Hosts: twelve\n", .unreadable("twelve")),
        ("Change\n\nRoller-Hosts: -1\n", .unreadable("-1")),
        ("Change\n\nRoller-Hosts:\n", .unreadable("")),
        ("Change\n\nRoller-Hosts: 12\n  34\n", .unreadable("12 34")),
        ("Change\n\nRoller-Hosts: 99999999999999999999\n", .unreadable("99999999999999999999")),
    ])
    func readsWhatGitReads(_ message: String, _ expected: HostsTrailer) {
        #expect(HostsTrailer(message: message) == expected)
    }

    @Test(arguments: [
        (HostsTrailer.missing, 10, false), (.missing, 11, true), (.says(11), 11, false), (.says(10), 11, true),
        (.says(3), 2, true), (.unreadable("x"), 1, true),
    ])
    func findsWhatIsMissingOrWrong(_ trailer: HostsTrailer, _ hosts: Int, _ isFound: Bool) {
        let finding = trailer.finding(hosts: hosts, limit: 10, commit: "0123456789ab")
        #expect((finding != nil) == isFound)
        #expect(finding?.hint?.contains("`Roller-Hosts: \(hosts)`") ?? !isFound)
        #expect(finding?.location.file ?? "commit 0123456789ab" == "commit 0123456789ab")
    }
}
