import RollerCore

/// What a new lock changes for one package, in words.
struct LockChange: Hashable {
    let package: PackageName
    let words: String
    /// Whether bytes changed and the version did not, which a published package never does.
    let isSwap: Bool

    /// The changes from one lock to another, by package.
    static func all(from old: Lock?, to new: Lock) -> [LockChange] {
        let before = Dictionary((old?.packages ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.packages.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(before.keys).union(after.keys).sorted().flatMap { name -> [LockChange] in
            switch (before[name], after[name]) {
            case (nil, let new?): [LockChange(package: name, words: "added \(new.inWords)", isSwap: false)]
            case (let old?, nil): [LockChange(package: name, words: "removed \(old.version)", isSwap: false)]
            case (let old?, let new?) where old.version != new.version:
                [LockChange(package: name, words: "\(old.version) -> \(new.inWords)", isSwap: false)]
            case (let old?, let new?): builds(of: name, from: old, to: new)
            case (nil, nil): []
            }
        }
    }

    private static func builds(
        of name: PackageName, from old: Lock.LockedPackage, to new: Lock.LockedPackage
    ) -> [LockChange] {
        Set((old.builds + new.builds).map(\.platform)).sorted().compactMap { platform in
            let pair = (
                old.builds.first { $0.platform == platform }, new.builds.first { $0.platform == platform }
            )
            switch pair {
            case (nil, let build?):
                return LockChange(
                    package: name, words: "\(new.version) added for \(platform) (\(build.archive.short))", isSwap: false
                )
            case (_?, nil):
                return LockChange(package: name, words: "\(new.version) no longer for \(platform)", isSwap: false)
            case (let old?, let build?) where old != build:
                let (what, was, becomes) =
                    old.archive == build.archive
                    ? ("manifest", old.manifest, build.manifest) : ("archive", old.archive, build.archive)
                return LockChange(
                    package: name,
                    words: "\(new.version) for \(platform): other \(what), \(was.short) -> \(becomes.short)",
                    isSwap: true)
            default: return nil
            }
        }
    }
}

extension Lock.LockedPackage {
    fileprivate var inWords: String {
        "\(version) for " + builds.map { "\($0.platform) (\($0.archive.short))" }.joined(separator: ", ")
    }
}
