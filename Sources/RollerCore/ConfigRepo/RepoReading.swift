/// A repository as it was read, with what was said of each file, so that after a commit only what changed is read again.
public struct RepoReading: Sendable {
    /// What the files say.
    public private(set) var repo = ConfigRepo()
    /// What is wrong with each file by itself, by path; a file without findings is not in it.
    private var fileFindings: [String: [Diagnostic]] = [:]
    /// What is wrong with each class that has a file of any kind.
    private var classFindings: [HostclassName: [Diagnostic]] = [:]
    private var hasRoot = false

    /// Everything wrong with the repository's own files, sorted.
    public var findings: [Diagnostic] {
        (fileFindings.values.flatMap(\.self) + (hasRoot ? [] : [ConfigRepo.missingRoot])
            + classFindings.values.flatMap(\.self) + repo.checkTogether(classes: classFindings.keys))
            .sortedForReading()
    }

    /// Reads a whole repository.
    /// - Parameter files: Every file of the state; the order does not matter.
    public init(_ files: [RepoFile]) {
        var classFiles: [HostclassName: [RepoFile]] = [:]
        for file in files {
            if let name = add(file) { classFiles[name, default: []].append(file) }
        }
        for (name, files) in classFiles { classFindings[name] = repo.readHostclass(name, files) }
    }

    /// Takes over what was read of other files of the same state, so that reading can be split.
    /// - Parameter rest: Hosts alone, as `ConfigRepo.isHost` tells them: files that say something of each other, such as
    ///   those of a class, must be read together.
    public mutating func add(hosts rest: RepoReading) {
        repo.add(rest.repo)
        fileFindings.merge(rest.fileFindings) { $0 + $1 }
    }

    /// The same repository once some files have changed. All that is not named stays as it was read.
    public func applying(_ changes: RepoChanges) -> RepoReading {
        var after = self
        for path in changes.paths { after.remove(path) }
        for file in changes.written { _ = after.add(file) }
        for (name, files) in changes.classFiles {
            // What is unreadable is said of the file, as it is when all is read.
            let readable = files.filter { if case .unreadable = $0.kind { false } else { true } }
            let findings = after.repo.readHostclass(name, readable)
            after.classFindings[name] = readable.isEmpty ? nil : findings
        }
        return after
    }

    /// Reads a file, unless it is one of a class: the class's name is returned for those, as they are read together.
    private mutating func add(_ file: RepoFile) -> HostclassName? {
        let place: RepoPlace
        switch RepoPlace.of(file.path) {
        case .success(let found): place = found
        case .failure(let finding):
            note([finding.diagnostic], of: file.path)
            return nil
        }
        if case .unreadable(let why) = file.kind, place != .ignored {
            note([ConfigRepo.unreadable(file.path, why)], of: file.path)
            hasRoot = hasRoot || place == .root
            return nil
        }
        switch place {
        case .ignored: return nil
        case .classFile(let name, _), .hostclass(let name), .lock(let name): return name
        case .root, .datacenter, .host, .user, .group, .home:
            guard file.kind == .file || file.kind == .executable else {
                note([ConfigRepo.notPlain(file)], of: file.path)
                return nil
            }
            hasRoot = hasRoot || place == .root
            note(repo.read(file, as: place), of: file.path)
            return nil
        }
    }

    private mutating func remove(_ path: String) {
        fileFindings[path] = nil
        guard case .success(let place) = RepoPlace.of(path) else { return }
        repo.forget(path, at: place)
        if place == .root { hasRoot = false }
    }

    private mutating func note(_ findings: [Diagnostic], of path: String) {
        // Several at one path: a work tree may have two names that are one text in two Unicode normal forms.
        if !findings.isEmpty { fileFindings[path, default: []] += findings }
    }
}

/// The files that differ between two states of a repository.
public struct RepoChanges: Sendable {
    /// The paths of all files that were added, changed or removed.
    public let paths: [String]
    /// Those that are there afterwards, as they are then.
    public let written: [RepoFile]
    /// All files of each class of which any file changed, as they are afterwards; none where the class is gone.
    public let classFiles: [HostclassName: [RepoFile]]
    /// The hosts whose own files changed.
    let hosts: Set<HostName>
    /// The datacenters whose files changed.
    let datacenters: Set<DatacenterName>

    /// What changed.
    public init(paths: [String], written: [RepoFile], classFiles: [HostclassName: [RepoFile]]) {
        self.paths = paths
        self.written = written
        self.classFiles = classFiles
        var hosts: Set<HostName> = []
        var datacenters: Set<DatacenterName> = []
        for path in paths {
            switch RepoPlace.of(path) {
            case .success(.host(let name)): hosts.insert(name)
            case .success(.datacenter(let name)): datacenters.insert(name)
            default: break
            }
        }
        self.hosts = hosts
        self.datacenters = datacenters
    }

    /// The class that the file at `path` is a part of; nil where it is of none.
    public static func hostclass(of path: String) -> HostclassName? {
        switch RepoPlace.of(path) {
        case .success(.hostclass(let name)), .success(.lock(let name)), .success(.classFile(let name, _)): name
        default: nil
        }
    }
}
