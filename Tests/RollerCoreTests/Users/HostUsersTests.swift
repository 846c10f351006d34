import RollerCore
import Testing

/// What `roll users` takes from a server, and what it does not.
struct HostUsersTests {
    private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

    private static func text(
        format: Int = 1, name: String = "ann", uid: Int = 2001, key: String = key, groups: String = "\"ops\"",
        gid: Int = 3001, more: String = ""
    ) -> [UInt8] {
        Array(
            """
            {"format": \(format), "host": "web-01.example.com", "users": [{"name": "\(name)", "uid": \(uid), \
            "keys": ["\(key)"], "groups": [\(groups)], "sudo": true}\(more)], "groups": [{"name": "ops", "gid": \(gid)}], \
            "access": {"login": [], "sudo": ["ops"]}, "protected-accounts": ["deploy"], "removals-per-host": 5}
            """.utf8)
    }

    @Test func whatIsReadIsWrittenAlike() throws {
        let users = try HostUsers.read(Self.text())
        #expect(try HostUsers.read(users.json) == users)
        #expect(users.digest == Digest(of: users.json))
    }

    @Test func anotherFormatIsRefusedByItsNumberAlone() {
        #expect(throws: HostUsersError.unknownFormat(2)) { try HostUsers.read(Array("{\"format\": 2}".utf8)) }
    }

    @Test(arguments: [
        text(name: "root"), text(name: "Ann"), text(uid: 0), text(uid: 65534), text(gid: 27), text(groups: "\"dba\""),
        text(key: "command=\\\"x\\\" \(key)"), text(key: "ssh-ed25519 AAAA"),
        text(more: ", {\"name\": \"bob\", \"uid\": 2001, \"keys\": [], \"groups\": [], \"sudo\": false}"),
        text(more: ", {\"name\": \"ann\", \"uid\": 2002, \"keys\": [], \"groups\": [], \"sudo\": false}"),
        Array("[]".utf8), [],
    ])
    func whatNoServerOfOursSaysIsRefused(_ json: [UInt8]) {
        #expect(throws: HostUsersError.self) { try HostUsers.read(json) }
    }
}
