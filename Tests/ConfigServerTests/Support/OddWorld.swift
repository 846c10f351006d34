import OrderedCollections
import RollerCore
import Testing
import Transfer

@testable import ConfigServer

/// A repository whose names and values try to get out of a page: what of them a page shows must be escaped.
enum OddWorld {
    static let script = "<script>alert(1)</script>"
    static let values = [script, "\"><img src=x onerror=alert(2)>", "' onmouseover='alert(3)", "a&amp;b", "שלום"]
    /// Turns the direction of what follows.
    static let turn = "\u{202e}"

    static func prepare(_ repository: TestRepository) async throws {
        let settings = values.enumerated().map { "  text\($0.offset): \(quoted($0.element))\n" }.joined()
        try repository.write(
            "hostclasses/odd.yml",
            "# \(script)\nsettings:\n\(settings)  turned: \"\\u202egnp\"\naccess: {login: [odd], sudo: [odd]}\n"
                + "services:\n  odd:\n    start: [bin/odd, \(quoted(values[1]))]\n    stop: [bin/odd, stop]\n")
        let lines = values.indices.map { "v\($0) = {{text\($0)}}\n" }.joined()
        try repository.write("files/odd/etc/odd.conf.mustache", "# \(script) \(turn)\n\(lines){{turned}}\n")
        for name in ["<b>.html", "' x='1", "\"quoted\"", "שלום", "100%", "a?b#c"] {
            try repository.write("files/odd/share/\(name)", "\(name) \(script)\n")
        }
        try repository.write("users/eve.yml", "uid: 2001\nname: \(quoted(script))\n")
        try repository.write("users/bob.yml", "uid: 2002\nstate: gone\n")
        try repository.write("groups/odd.yml", "gid: 2001\nmembers: [eve]\n")
        try await repository.commit("\(script)\n\n\(values[1]) \(turn)\n")
        try await repository.git("tag", "-a", "odd@1", "-m", "\(script) \(turn)")
        try repository.write(
            "hosts/odd-01.example.com.yml",
            "hostclass: odd@1\ndatacenter: snc1\nsettings: {text0: \(quoted(script + " own"))}\n")
        try repository.write("hosts/odd-02.example.com.yml", "hostclass: odd@1\ndatacenter: snc1\n")
        try repository.write("hostclasses/odd.yml", "# \(script)\nsettings:\n  text0: \(quoted(values[2]))\n")
        for index in values.indices.dropFirst() {
            try repository.write("files/odd/etc/odd.conf.mustache", "# {{text0}} \(index)\n")
        }
        try await repository.commit("hosts \(values[2])")
        try await repository.git("tag", "-a", "odd@2", "-m", values[1])
    }

    /// In double quotes, as YAML and JSON write it.
    private static func quoted(_ text: String) -> String {
        String(decoding: Value.string(text).json(), as: UTF8.self)
    }
}

/// A page as a browser asks for it.
struct SeenPage {
    let address: String
    let answer: HTTPResponse

    var text: String { answer.text }

    /// Where it leads on this server, without the place within the page.
    var links: [String] {
        attributes(["href", "src", "action"]).map { $0.prefix { $0 != "#" } }.filter { $0.hasPrefix("/") }.map(
            String.init)
    }

    /// The values of attributes, unescaped.
    func attributes(_ names: [String]) -> [String] {
        names.flatMap { name in
            text.split(separator: " \(name)=\"").dropFirst().map { part in
                part.prefix { $0 != "\"" }.replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
                    .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
            }.map { String($0) }
        }
    }

    /// The names of its elements, each once.
    var elements: Set<String> {
        Set(
            text.split(separator: "<").dropFirst().map { part in
                String(part.drop { $0 == "/" || $0 == "!" }.prefix { $0.isLetter || $0.isNumber })
            })
    }
}

extension TestServer {
    /// Asks for a page as a browser does.
    func page(_ address: String) async throws -> SeenPage {
        let answer = try await get(address, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"))
        return SeenPage(address: address, answer: answer)
    }
}
