import RollerCore
import Tarball

/// Where a package came from, as its manifest says it.
///
/// Nothing of the machine or the place goes in by itself, so that the same build elsewhere makes the same manifest, which
/// git pins. Whoever wants a machine's name in it says `--origin builder=NAME`.
enum PackageOrigin {
    /// The words of the origin.
    /// - Parameter command: What was run, such as "package build".
    static func words(
        _ command: String, _ pack: PackOptions, in surroundings: Surroundings
    ) async throws -> [String: String] {
        var words = [
            "built-by": "rollerctl \(RollerCtl.version)", "built-with": TarballBuilder.libraries,
            "argv": "\(command) \(pack.deciding)",
        ]
        if let source = pack.source {
            let git = GitCommand(root: surroundings.resolve(source), variables: surroundings.childVariables)
            let commit = try await line(git.run(["rev-parse", "--verify", "HEAD^{commit}"]))
            let changes = try await git.run(["status", "--porcelain=v1", "--untracked-files=no"])
            words["commit"] = changes.isEmpty ? commit : "\(commit) with changes"
            if let remote = try? await line(git.run(["remote", "get-url", "origin"])) {  // a repository may have none
                words["repo"] = withoutCredentials(remote)
            }
        }
        return words.merging(try pack.words()) { _, given in given }
    }

    /// One line, without what no word of a manifest may hold.
    private static func line(_ text: String) -> String { text.split(separator: "\n").first.map(String.init) ?? "" }

    /// `https://user:secret@host/` names somebody's secret, and a manifest is for all to read.
    private static func withoutCredentials(_ url: String) -> String {
        guard let scheme = url.firstRange(ofText: "://"), let at = url[scheme...].firstIndex(of: "@"),
            !url[scheme..<at].contains("/")
        else { return url }
        return String(url[..<scheme]) + url[url.index(after: at)...]
    }
}

extension String {
    /// The place behind the first `text`.
    fileprivate func firstRange(ofText text: String) -> Index? {
        indices.first { self[$0...].hasPrefix(text) }.map { index($0, offsetBy: text.count) }
    }
}
