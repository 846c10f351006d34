internal import YAMLDocument

/// A kind of host: what is installed on it, with which defaults, and which services run. It holds no version; its
/// versions are git tags.
public struct Hostclass: Hashable, Sendable {
    /// Its name, from the file's.
    public let name: HostclassName
    /// The packages it installs, at exact versions, in the order written.
    public let packages: [PackagePin]
    /// Defaults, which also fix each setting's type.
    public let settings: [Setting]
    /// Settings without a default.
    public let required: [RequiredSetting]
    /// The services, in the order they start.
    public let services: [LocatedService]
    /// Paths whose data outlives rolls.
    public let keep: [LocatedPath]
    /// Modes and owners other than git's own.
    public let modes: [DeclaredMode]
    /// Who may log in, and who may sudo.
    public let access: Access
    /// How long its services may be down in one roll; nil for no limit.
    public let downtimeBudget: TimeSpan?

    /// A package at an exact version.
    public struct PackagePin: Hashable, Sendable {
        /// Which package.
        public let name: PackageName
        /// Which version of it.
        public let version: PackageVersion
        /// Where the name is written.
        public let location: SourceLocation
    }

    /// A path and where it is written.
    public struct LocatedPath: Hashable, Sendable {
        /// The path.
        public let path: TreePath
        /// Where it is written.
        public let location: SourceLocation
    }

    /// A mode declared for a path.
    public struct DeclaredMode: Hashable, Sendable {
        /// The path.
        public let path: TreePath
        /// Its mode and owner.
        public let mode: ModeAndOwner
        /// Where the path is written.
        public let location: SourceLocation
    }

    /// The groups that get onto hosts of the class.
    public struct Access: Hashable, Sendable {
        /// Groups that may log in.
        public var login: [LocatedGroup] = []
        /// Groups that may sudo.
        public var sudo: [LocatedGroup] = []
    }

    /// A group and where it is written.
    public struct LocatedGroup: Hashable, Sendable {
        /// The group.
        public let name: GroupName
        /// Where it is written.
        public let location: SourceLocation
    }

    static func read(_ name: HostclassName, _ bytes: [UInt8], _ reader: inout FileReader) -> Hostclass? {
        guard let node = reader.parse(bytes),
            let fields = reader.fields(of: node, as: "a hostclass", keys: keys)
        else { return nil }
        let hostclass = Hostclass(
            name: name,
            packages: reader.packagePins(fields["packages"]),
            settings: reader.settings(fields["settings"]),
            required: reader.requiredSettings(fields["required"]),
            services: reader.services(fields["services"]),
            keep: reader.keptPaths(fields["keep"]),
            modes: reader.modes(fields["modes"]),
            access: reader.access(fields["access"]),
            downtimeBudget: fields["downtime-budget"].flatMap { reader.duration($0, of: "a downtime-budget") })
        hostclass.checkDeclarations(&reader)
        return hostclass
    }

    /// What one file can contradict by itself.
    private func checkDeclarations(_ reader: inout FileReader) {
        for setting in required {
            guard let twice = settings.first(where: { $0.key == setting.key }) else { continue }
            reader.findings.append(
                Diagnostic(
                    .badValue, at: setting.location, "the setting '\(setting.key)' is required and has a default",
                    hint: "keep one of the two", related: [.init(twice.location, "the default")]))
        }
        for mode in modes {
            guard let kept = keep.first(where: { mode.path.isAtOrBelow($0.path) }) else { continue }
            reader.findings.append(
                Diagnostic(
                    .badMode, at: mode.location,
                    "'\(mode.path)' has a mode, and lies in '\(kept.path)', which is kept over rolls",
                    hint: "leave the mode of kept data to what writes it", related: [.init(kept.location, "kept here")])
            )
        }
        for (position, kept) in keep.enumerated() {
            guard
                let other = keep[..<position].first(where: {
                    kept.path.isAtOrBelow($0.path) || $0.path.isAtOrBelow(kept.path)
                })
            else { continue }
            reader.findings.append(
                Diagnostic(
                    .pathConflict, at: kept.location, "'\(kept.path)' and '\(other.path)' are one inside the other",
                    hint: "keep the outer one alone", related: [.init(other.location, "kept here too")]))
        }
    }
}

extension FileReader {
    fileprivate mutating func packagePins(_ node: YAMLNode?) -> [Hostclass.PackagePin] {
        guard let node else { return [] }
        return named(node, as: "packages", keys: PackageName.self, of: "a package").compactMap { name, key, node in
            verbatim(node, as: PackageVersion.self, of: "the version of '\(name)'").map {
                Hostclass.PackagePin(name: name, version: $0, location: location(key.range))
            }
        }
    }

    fileprivate mutating func keptPaths(_ node: YAMLNode?) -> [Hostclass.LocatedPath] {
        guard let node else { return [] }
        return list(node, of: "keep") { reader, item in
            reader.text(item, as: TreePath.self, of: "a kept path").map {
                Hostclass.LocatedPath(path: $0, location: reader.location(item.range))
            }
        } ?? []
    }

    fileprivate mutating func modes(_ node: YAMLNode?) -> [Hostclass.DeclaredMode] {
        guard let node else { return [] }
        return named(node, as: "modes", keys: TreePath.self, of: "a file").compactMap { path, key, node in
            guard case .scalar(let scalar) = node.content else {
                add(
                    .badMode, at: node.range, "the mode of '\(path)' is \(node.kindInWords)",
                    hint: "use \(ModeAndOwner.rule)")
                return nil
            }
            guard scalar.style != .plain || scalar.resolution == .string, let mode = ModeAndOwner(scalar.text) else {
                if ModeAndOwner(scalar.text) == nil {
                    add(.badMode, at: node.range, "'\(scalar.text)' is no mode", hint: "use \(ModeAndOwner.rule)")
                } else {
                    add(
                        .badMode, at: node.range, "the mode \(scalar.text) is read as a number",
                        hint: "write \"\(scalar.text)\" in quotes")
                }
                return nil
            }
            return Hostclass.DeclaredMode(path: path, mode: mode, location: location(key.range))
        }
    }

    /// The groups that a class or a host lets in.
    mutating func access(_ node: YAMLNode?) -> Hostclass.Access {
        guard let node, let fields = fields(of: node, as: "access", keys: Hostclass.Access.keys) else { return .init() }
        let groups = { (reader: inout FileReader, key: String) -> [Hostclass.LocatedGroup] in
            guard let node = fields[key] else { return [] }
            return reader.list(node, of: "access.\(key)") { reader, item in
                reader.text(item, as: GroupName.self, of: "the name of a group").map {
                    Hostclass.LocatedGroup(name: $0, location: reader.location(item.range))
                }
            } ?? []
        }
        return Hostclass.Access(login: groups(&self, "login"), sudo: groups(&self, "sudo"))
    }
}
