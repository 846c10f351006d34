import Testing

@testable import RollerCore

/// Keys as ssh-keygen of OpenSSH 9.2 writes them.
struct SSHPublicKeyTests {
    @Test(arguments: [
        GoodRepository.annsKey, GoodRepository.annsKey + " ann@example.com", GoodRepository.annsKey + " a  b c",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA86e1aoG3j1DksS4yhB457+ks/RMLrUdoYygEwSwMPqIzk9trm3OJEk6g9Khg9M7i6DrqmvrlLOBjnNFed6bQ8= e",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDHSjdVCSZjygOSUyPPZ6Ln24UyKNagrOJAYYibmp9RcOURxHFA9Zb4lLcnFpBg97ekLbPqAkL6SzTsk+nwwBprQwPcwfYOdj3e3Fnqu2DX3tEHpm18suk8/2n9n8lGl+YnW7tPQWAnPgHQP53iVgLBipuuPdynZAdS35IB6OAFoqSgOr5mdTCBwK/2U8c9GhU4aa1vZOeB19m7nXWjaMp8FPgYC3gXzMtH25Ec4ah+RZAIkyqkl4OcmUtES+GT8MgA++bAMTtVBIarDHABsOLLAz1n7b/qcme+8bLwf+o3mjZHsn+2AkktT4/Q6XflcE+sPsBwWC1i4hT0zi+90kE/ rsa",
    ])
    func keysAreTaken(_ line: String) throws {
        let key = try SSHPublicKey.read(line).get()
        #expect(key.text == line.split(separator: " ", maxSplits: 2).joined(separator: " "))
        #expect(line.hasPrefix(key.identity))
    }

    /// Cut anywhere, a key is none: the base64 of its beginning often still is base64.
    @Test func aKeyThatIsCutOffIsNone() {
        let key = GoodRepository.annsKey
        for length in 0..<key.utf8.count {
            #expect(throws: SSHKeyProblem.self) { try SSHPublicKey.read(String(key.prefix(length))).get() }
        }
    }
}
