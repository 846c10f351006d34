// A repository out of the input: files parted by lines `=== path`. It is read, resolved and linted without a trap; a host
// without findings has a bundle that reads back as it was, and renders on the host as it did on the server.
import RollerCore

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let files = repository(bytes)
    let (repo, findings) = ConfigRepo.read(files)
    var releases: [ReleaseReference: ReleaseLookup] = [:]
    guard let revision = Revision(String(repeating: "a", count: 40)) else { return 0 }
    for reference in repo.releaseReferences.prefix(8) {
        let (tree, own) = HostclassTree.read(reference.hostclass, from: files, label: "\(reference):")
        releases[reference] = tree.map { .found(Release(reference, at: revision, tree: $0), findings: own) }
    }
    let snapshot = Snapshot(
        revision: revision, committed: 0, repo: repo, releases: releases, findings: findings)
    for finding in snapshot.lint().prefix(50) {
        _ = finding.text { name in files.first { $0.path == name }.map { text($0.bytes) } }
    }
    for name in repo.hosts.keys.sorted().prefix(8) {
        guard let host = snapshot.resolve(name)?.host else { continue }
        guard let again = try? Bundle.read(host.bundle.json) else {
            fatalError("the bundle of \(name) does not read back")
        }
        require(again == host.bundle, "the bundle of \(name) reads back as another")
        guard let rendered = try? again.renderFiles() else { fatalError("\(name) cannot render what the server did") }
        require(rendered.map(\.bytes) == host.files.map(\.bytes), "\(name) renders other bytes than the server")
    }
    return 0
}

private func repository(_ bytes: [UInt8]) -> [RepoFile] {
    var files: [RepoFile] = []
    var path = ""
    var body: [UInt8] = []
    let flush = { (path: String, body: [UInt8]) -> RepoFile? in path.isEmpty ? nil : RepoFile(path: path, bytes: body) }
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        if line.starts(with: Array("=== ".utf8)) {
            if let file = flush(path, body) { files.append(file) }
            path = String(decoding: line.dropFirst(4), as: UTF8.self)
            body = []
        } else {
            body.append(contentsOf: line)
            body.append(UInt8(ascii: "\n"))
        }
    }
    if let file = flush(path, body) { files.append(file) }
    // git has one file at a path.
    var seen: Set<String> = []
    return files.filter { seen.insert($0.path).inserted }
}
