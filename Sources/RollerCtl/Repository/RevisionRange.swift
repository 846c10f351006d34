import ArgumentParser
import GitRepository

/// Two states of the repository, the older one first: `A..B`, or `A` alone for what the work tree makes of A.
struct RevisionRange: ExpressibleByArgument, Equatable {
    /// A revision.
    let old: String
    /// A revision; nil for the work tree with all its edits.
    let new: String?

    /// What the work tree makes of the last commit.
    static let uncommitted = RevisionRange(old: "HEAD", new: nil)

    init(old: String, new: String?) {
        self.old = old
        self.new = new
    }

    /// An empty side of `..` is HEAD, as git has it. Nil for three dots: they name another commit than those written.
    init?(argument: String) {
        guard let dots = argument.utf8.firstRange(of: "..".utf8) else {
            guard !argument.isEmpty else { return nil }
            self.init(old: argument, new: nil)
            return
        }
        let old = String(decoding: argument.utf8[..<dots.lowerBound], as: UTF8.self)
        let new = String(decoding: argument.utf8[dots.upperBound...], as: UTF8.self)
        guard !new.hasPrefix("."), !new.contains("..") else { return nil }
        self.init(old: old.isEmpty ? "HEAD" : old, new: new.isEmpty ? "HEAD" : new)
    }
}

extension RevisionRange: CustomStringConvertible {
    /// As it was written; the work tree by that name.
    var description: String { "\(old)..\(new ?? "work tree")" }
}
