import RollerCore
import Testing

/// Reading what a server says when it refuses.
struct ServerRefusalTests {
    @Test(arguments: [
        #"{"kind":"package","value":"jq","message":"other \"bytes\"","hint":"a new version"}"#,
        "kind: package\nvalue: jq\nmessage: other \"bytes\"\nhint: a new version\n",
    ])
    func readsJSONAndYAML(_ body: String) {
        let refusal = ServerRefusal.read(Array(body.utf8))
        #expect(refusal?.kind == "package")
        #expect(refusal?.value == "jq")
        #expect(refusal?.message == "other \"bytes\"")
        #expect(refusal?.hint == "a new version")
    }

    @Test(arguments: [
        "", "<html><body>502</body></html>", "Bad Gateway", "[1]", "{}", "{\"status\": 502}", "{\"kind\":",
    ])
    func otherBodiesAreNone(_ body: String) { #expect(ServerRefusal.read(Array(body.utf8)) == nil) }
}
