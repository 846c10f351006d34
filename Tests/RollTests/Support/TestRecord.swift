import RollerCore

@testable import Roll

/// A bundle for tests, by way of its JSON as a server would send it.
func bundle(
    packages: [Bundle.Package] = [], files: [(path: String, text: String)] = [], keep: [String] = [],
    modes: [String: String] = [:], services: [Service] = []
) throws -> Bundle {
    let revision = String(repeating: "a", count: 40)
    let json = """
        {"bundle":1,"host":"web-01.example.com","datacenter":"snc1","platform":"debian-12-x86_64","release":"web@1",
         "release-revision":"\(revision)","config-servers":[],"settings":{},
         "packages":\(text(packages)),"files":[\(files.map { file in
            "{\"path\":\"\(file.path)\",\"executable\":false,\"template\":false,\"contents\":\(text(FileContents(Array(file.text.utf8))))}"
         }.joined(separator: ","))],
         "services":\(text(services)),"keep":\(text(keep)),"modes":\(text(modes))}
        """
    return try Bundle.read(Array(json.utf8))
}

private func text(_ value: some Encodable) -> String { String(decoding: canonicalJSON(value), as: UTF8.self) }

/// The record of a generation made from a bundle, and its files.
func record(
    _ number: Int, of bundle: Bundle
) throws -> (record: GenerationRecord, files: [RenderedFile]) {
    let files = try bundle.renderFiles()
    let record = GenerationRecord(
        generation(number), from: bundle, digest: Digest(of: bundle.json), revision: nil, files: files)
    return (record, files)
}

/// A service by commands of the shell.
func service(
    _ name: String, start: String = "true", stop: String = "true", reload: String? = nil, timeout: String = "30s",
    checks: [HealthCheck] = []
) -> Service {
    Service(
        name: known(name),
        supervisor: .commands(
            start: ["/bin/sh", "-c", start], stop: ["/bin/sh", "-c", stop],
            reload: reload.map { ["/bin/sh", "-c", $0] },
            timeout: known(timeout)),
        checks: checks)
}

/// A plan from one generation to another.
func plan(
    from previous: Int, to next: Int, stopping: [Service] = [], starting: [Service] = []
) -> RollPlan {
    RollPlan(
        id: "test", previous: generation(previous), next: generation(next), bundle: nil, stopping: stopping,
        starting: starting)
}
