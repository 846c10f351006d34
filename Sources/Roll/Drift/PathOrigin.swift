import LinuxSystem
import OrderedCollections
import RollerCore
import SystemPackage

/// Whence a path of the live tree comes, from the host's own record, manifests and bundle.
struct PathOrigin {
    let path: TreePath
    let record: GenerationRecord
    /// What the path was made as; nil when no generation brought it.
    let entry: ExpectedTree.Entry?
    /// The package that brings it.
    let package: (pin: Bundle.Package, origin: [String: String])?
    /// What somebody did to it since.
    let drift: [Drift.Finding]
    /// The line that was asked for.
    let line: (number: Int, trace: LineTrace)?

    /// As it is told: keys and words.
    var value: Value {
        var fields: OrderedDictionary<String, Value> = ["path": .string(path.rawValue)]
        if let line {
            fields["line"] = .int(line.number)
            fields["text"] = .string(line.trace.text)
        }
        fields["generation"] = .int(record.generation.number)
        fields["from"] = .string(entry?.source.text ?? "nobody: no generation of Roller's brought it")
        if let (pin, origin) = package {
            fields["version"] = .string(pin.version.rawValue)
            fields["platform"] = .string(pin.platform.rawValue)
            fields["archive"] = .string(pin.archive.rawValue)
            if !origin.isEmpty {
                fields["origin"] = .map(
                    .init(uniqueKeysWithValues: origin.sorted { $0.key < $1.key }.map { ($0, .string($1)) }))
            }
        }
        fields["release"] = .string(record.release.rawValue)
        if let revision = record.revision { fields["revision"] = .string(revision.rawValue) }
        if let declared = entry?.declared { fields["mode"] = .string(declared.rawValue) }
        if case .symlink(let target)? = entry?.kind { fields["target"] = .string(target) }
        if let trace = line?.trace { add(trace, to: &fields) }
        if !drift.isEmpty { fields["since"] = .list(drift.map { .string($0.kind.rawValue) }) }
        return .map(fields)
    }

    private func add(_ trace: LineTrace, to fields: inout OrderedDictionary<String, Value>) {
        fields["written-by"] = .list(trace.sources.map { .string("\($0.file):\($0.line)") })
        if !trace.sections.isEmpty {
            fields["within"] = .list(trace.sections.map { .string("\($0.tag) \($0.place.file):\($0.place.line)") })
        }
        if !trace.values.isEmpty {
            fields["values"] = .list(
                trace.values.map { .map(["setting": .string($0.path), "shows": .string($0.text)]) })
        }
    }
}

extension PathOrigin {
    /// Looks `path` up in the generation of `record`, which is live.
    static func find(_ path: TreePath, line: Int?, in record: GenerationRecord, _ home: RollerHome) async throws
        -> PathOrigin
    {
        let store = PackageStore(home)
        let entry = try ExpectedTree(record, keep: home.keepPath.string) { try store.manifest($0) }.entries[path]
        var package: (Bundle.Package, [String: String])?
        if case .package(let name)? = entry?.source, let pin = record.packages.first(where: { $0.name == name }) {
            package = (pin, try store.manifest(pin).origin)
        }
        return PathOrigin(
            path: path, record: record, entry: entry, package: package,
            drift: try await drift(at: path, entry, record, home),
            line: try line.map { ($0, try trace(path, line: $0, entry, record, home)) })
    }

    /// What somebody did to one path; of all files only this one is read.
    private static func drift(
        at path: TreePath, _ entry: ExpectedTree.Entry?, _ record: GenerationRecord, _ home: RollerHome
    ) async throws -> [Drift.Finding] {
        let all = try await LiveTree(home: home).compare(with: record, depth: .metadata).drift
        let found = all.findings.filter { $0.path == path.rawValue }
        guard case .file(_, let digest)? = entry?.kind,
            !found.contains(where: { [.missing, .replaced, .modified].contains($0.kind) }),
            let bytes = try await FileDigests(home: home).digests(of: [path.rawValue]).first ?? nil,
            Digest(bytes: bytes) != digest
        else { return found }
        return found + [Drift.Finding(path: path.rawValue, kind: .modified)]
    }

    private static func trace(
        _ path: TreePath, line: Int, _ entry: ExpectedTree.Entry?, _ record: GenerationRecord, _ home: RollerHome
    ) throws -> LineTrace {
        guard case .hostclass? = entry?.source else { throw BlameError.noLines(path, entry?.source) }
        guard let bundle = try BundleStore(home: home).bundle(record.bundle) else {
            throw BlameError.noBundle(record.bundle)
        }
        guard let file = try bundle.renderFiles().first(where: { $0.path == path }),
            let trace = bundle.trace(of: file, line: line)
        else { throw BlameError.noLine(path, line) }
        return trace
    }
}

/// Why nothing can be told of a line.
enum BlameError: RollerError {
    case noLines(TreePath, ExpectedTree.Source?)
    case noBundle(Digest)
    case noLine(TreePath, Int)

    var message: String {
        switch self {
        case .noLines(let path, let source?): "'\(path)' comes from \(source.text), line by line nothing is known"
        case .noLines(let path, nil): "no generation of Roller's brought '\(path)'"
        case .noBundle(let digest): "the bundle \(digest.short) is not kept any more"
        case .noLine(let path, let line): "'\(path)' was made without a line \(line)"
        }
    }

    var hint: String? {
        switch self {
        case .noLines(let path, _): "ask for the whole path: roll blame \(path)"
        case .noBundle: "ask in the repository: rollerctl blame HOST PATH:LINE"
        case .noLine: nil
        }
    }
}
