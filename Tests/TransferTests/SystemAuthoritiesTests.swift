import Glibc
import SystemPackage
import Testing

@testable import Transfer

@Suite("The machine's authorities")
struct SystemAuthoritiesTests {
    private func find(
        _ environment: [String: String] = [:], among files: [FilePath]
    ) throws(TransferError) -> SystemAuthorities {
        try SystemAuthorities.find(in: { environment[$0] }, among: files)
    }

    @Test("the first of the usual files that is there is taken")
    func firstFile() throws {
        let directory = try TemporaryDirectory()
        let (first, second) = (directory.path.appending("first.pem"), directory.path.appending("second.pem"))
        try FileDescriptor.open(second, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
        #expect(try find(among: [first, second]) == SystemAuthorities(file: second))
        try FileDescriptor.open(first, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
        #expect(try find(among: [first, second]) == SystemAuthorities(file: first))
    }

    @Test(
        "what the environment names stands in place of the usual files",
        arguments: [
            (["SSL_CERT_FILE": "/own.pem"], SystemAuthorities(file: "/own.pem")),
            (["SSL_CERT_DIR": "/own"], SystemAuthorities(directory: "/own")),
            (
                ["SSL_CERT_FILE": "/own.pem", "SSL_CERT_DIR": "/own"],
                SystemAuthorities(file: "/own.pem", directory: "/own")
            ),
            (["SSL_CERT_FILE": "", "SSL_CERT_DIR": ""], SystemAuthorities(file: "/proc/self/maps")),
        ])
    func environment(_ environment: [String: String], _ expected: SystemAuthorities) throws {
        #expect(try find(environment, among: ["/proc/self/maps"]) == expected)
    }

    @Test("a machine without authorities is told so, with what to do")
    func none() throws {
        let error = #expect(throws: TransferError.self) {
            try find(among: ["/nonexistent/a.pem", "/nonexistent/b.pem"])
        }
        let message = try #require(error?.message)
        for words in ["/nonexistent/a.pem, /nonexistent/b.pem", "ca-certificates", "SSL_CERT_FILE"] {
            #expect(message.contains(words))
        }
    }
}
