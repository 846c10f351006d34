/// A class as it stands at one state of the repository: its file, its lock and its files. A release is this at a tag.
public struct HostclassTree: Hashable, Sendable {
    /// The class.
    public let hostclass: Hostclass
    /// Its lock; nil where none was written yet.
    public let lock: Lock?
    /// Its files, sorted by path.
    public let files: [ClassFile]

    /// The paths of the repository that make up a class.
    public static func paths(of name: HostclassName) -> [String] {
        ["hostclasses/\(name).yml", "hostclasses/\(name).lock.yml", "files/\(name)"]
    }

    /// Reads a class from the files of one state of the repository; files of others are passed over.
    /// - Parameter label: What to put before paths in findings, such as `web@2026.11.22-1:`, where the files are not
    ///   those of the state being read as a whole.
    /// - Returns: Nil for the tree when the class's file is missing or cannot be read.
    public static func read(
        _ name: HostclassName, from files: [RepoFile], label: String = ""
    ) -> (tree: HostclassTree?, findings: [Diagnostic]) {
        var findings: [Diagnostic] = []
        var hostclass: Hostclass?
        var lock: Lock?
        var classFiles: [ClassFile] = []
        let folder = "files/\(name)/"
        for file in files {
            var reader = FileReader(file: label + file.path)
            if file.path == "hostclasses/\(name).yml" {
                hostclass = Hostclass.read(name, file.bytes, &reader)
            } else if file.path == "hostclasses/\(name).lock.yml" {
                lock = Lock.read(file.bytes, &reader)
            } else if file.path.utf8.starts(with: folder.utf8),  // by bytes: a combining mark may follow the slash
                let below = String(file.path.utf8.dropFirst(folder.utf8.count))
            {
                let (classFile, own) = ClassFile.read(file, below: below, as: label + file.path)
                if let classFile { classFiles.append(classFile) }
                findings += own
            }
            findings.append(contentsOf: reader.findings)
        }
        guard let hostclass else { return (nil, findings) }
        let tree = HostclassTree(
            hostclass: hostclass, lock: lock,
            files: classFiles.sorted { ($0.path, $0.source) < ($1.path, $1.source) })
        findings += tree.checkFiles(label: label)
        // A package or file that could not be read is missed below only because of that.
        if !findings.hasErrors { findings += tree.checkNames() }
        return (tree, findings)
    }

    /// What the class's own files contradict: two in one place, one inside another, one in a kept path, too much in all.
    private func checkFiles(label: String) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        var owners: [TreePath: ClassFile] = [:]
        for file in files {
            if let other = owners.updateValue(file, forKey: file.path) {
                findings.append(conflict(file, with: "'\(other.source)' becomes '\(file.path)' too", hint: "keep one"))
            }
        }
        for file in files {
            if let above = file.path.ancestors.lazy.compactMap({ owners[$0] }).first {
                findings.append(
                    conflict(file, with: "'\(above.path)' is a file, and this lies below it", hint: "rename one"))
            }
            for kept in hostclass.keep where file.path.isAtOrBelow(kept.path) || kept.path.isAtOrBelow(file.path) {
                findings.append(
                    conflict(
                        file, with: "'\(file.path)' lies in '\(kept.path)', which is kept over rolls",
                        hint: "move the file, or keep less", related: [.init(kept.location, "kept here")]))
            }
        }
        let total = files.reduce(0) { $0 + Int64($1.bytes.count) }
        if total > ClassFile.limit.bytes {
            findings.append(
                Diagnostic(
                    .badFilePath, at: SourceLocation(file: "\(label)files/\(hostclass.name)"),
                    "the class's files have \(ByteCount(total)) in all, and \(ClassFile.limit) is the limit",
                    hint: "make a package of what is large"))
        }
        return findings
    }

    private func conflict(
        _ file: ClassFile, with message: String, hint: String, related: [Diagnostic.RelatedPlace] = []
    ) -> Diagnostic {
        Diagnostic(.pathConflict, at: SourceLocation(file: file.source), message, hint: hint, related: related)
    }
}
