import LinuxSystem
import RollerCore
import SystemPackage
import Tarball

/// A Debian package (deb(5)): an ar archive of `debian-binary`, `control.tar` and `data.tar`.
struct DebianPackage {
    /// The fields of its control file.
    let fields: [String: String]
    /// The scripts that dpkg would run on installing or removing it, by name, with their sizes.
    let scripts: [(name: String, size: ByteCount)]
    /// Whether dpkg would keep local changes of some files.
    let hasConffiles: Bool
    /// The tarball of its files.
    let data: FilePath

    /// The most bytes of a package: far more than any that Debian has.
    private static let limit: Int64 = 16 << 30
    /// The most bytes of all files of `control.tar`, which hold checksums of every file of the package.
    private static let controlLimit: Int64 = 64 << 20
    private static let scriptNames: Set<String> = ["preinst", "postinst", "prerm", "postrm", "config", "triggers"]

    /// Takes the package at `path` apart, into `folder`.
    static func open(_ path: FilePath, in folder: FilePath) throws -> DebianPackage {
        do {
            let directory = try Directory.open(folder)
            let members = try ArMembers.copy(path, into: directory, maxBytes: limit)
            guard members.first?.name == "debian-binary",
                try directory.readFile("debian-binary", limit: 64).starts(with: Array("2.".utf8))
            else { throw DebianPackageError.noDebianBinary }
            let parts = members.dropFirst().map(\.name).filter { !$0.hasPrefix("_") }
            guard parts.count == 2, parts[0].hasPrefix("control.tar"), parts[1].hasPrefix("data.tar") else {
                throw DebianPackageError.members(members.map(\.name))
            }
            return try DebianPackage(control: folder.appending(parts[0]), data: folder.appending(parts[1]))
        } catch {
            throw PackageError.archive(path, cause: error)
        }
    }

    private init(control: FilePath, data: FilePath) throws {
        var policy = TarballPolicy.strict
        policy.owners = .any
        policy.allowsOtherCompression = true
        policy.maxUnpackedBytes = Self.controlLimit
        var reader = try TarballReader.open(control, policy: policy)
        var text: [UInt8] = []
        var scripts: [(name: String, size: ByteCount)] = []
        var hasConffiles = false
        while let entry = try reader.next() {
            guard case .file(let size) = entry.kind else { continue }
            if Self.scriptNames.contains(entry.path) { scripts.append((entry.path, ByteCount(size))) }
            if entry.path == "conffiles" { hasConffiles = true }
            guard entry.path == "control" else { continue }
            text = try reader.contents()
        }
        fields = try Self.fields(text)
        self.scripts = scripts.sorted { $0.name < $1.name }
        self.hasConffiles = hasConffiles
        self.data = data
    }

    /// The fields of the one paragraph of a control file (deb-control(5)); lines that go on are joined by a blank.
    static func fields(_ bytes: [UInt8]) throws(DebianPackageError) -> [String: String] {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .badControl("it is not UTF-8") }
        var fields: [String: String] = [:]
        var last: String?
        for line in text.split(separator: "\n") {
            if line.first == " " || line.first == "\t" {
                guard let last else { throw .badControl("its first line begins with a blank") }
                fields[last, default: ""] += " " + line.trimmingBlanks
            } else {
                guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                    throw .badControl("'\(line)' is no field")
                }
                let name = String(line[..<colon])
                guard fields[name] == nil else { throw .badControl("'\(name)' stands twice") }
                fields[name] = line[line.index(after: colon)...].trimmingBlanks
                last = name
            }
        }
        guard fields["Package"] != nil, fields["Version"] != nil, fields["Architecture"] != nil else {
            throw .badControl("it lacks Package, Version or Architecture")
        }
        return fields
    }
}

/// Why something is no Debian package.
enum DebianPackageError: RollerError, Hashable {
    case noDebianBinary
    case members([String])
    case badControl(String)

    var message: String {
        switch self {
        case .noDebianBinary: "it does not begin with debian-binary 2.0"
        case .members(let names):
            "it holds \(names.joined(separator: ", ")), not debian-binary, control.tar and data.tar"
        case .badControl(let why): "cannot read its control file: \(why)"
        }
    }

    var hint: String? { "`dpkg-deb --info` says more about Debian packages" }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == "\t" || last == "\r" { rest = rest.dropLast() }
        return String(rest)
    }
}
