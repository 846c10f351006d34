internal import LinuxSystem
internal import RollerCore
internal import SystemPackage

extension PackageStore {
    /// What the names of archives begin with that are on their way from the bucket, and of notes about those on their way
    /// there. They are gone on from after a crash.
    static let fetchingPrefix = "fetching-"
    /// Where manifests lie whose archives are not here.
    private static let folder = "announced"

    /// What this server is called, the same after each start.
    func identity(in datacenter: DatacenterName, named name: String?) throws(StoreError) -> ServerIdentity {
        do throws(FileError) {
            let text: String
            if let known = try root.status(of: "server") {
                _ = known
                text = String(decoding: try root.readFile("server", limit: 1024), as: UTF8.self)
            } else {
                let machine = hostname().prefix { $0 != "." }.lowercased().filter {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
                }
                let chance = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
                text = "\(machine)-\(chance)\n"
                try root.replaceFile("server", permissions: 0o644, bytes: Array(text.utf8), durable: true)
            }
            guard
                let identity = ServerIdentity(datacenter: datacenter, name: name ?? String(text.prefix { $0 != "\n" }))
            else {
                throw FileError(
                    "read", root.path.appending("server").string, .invalidArgument,
                    detail: "it holds no name of a server")
            }
            return identity
        } catch {
            throw StoreError(error)
        }
    }

    /// Tells what is here, and what was announced before the last end.
    func recall(onto board: ReplicationBoard) throws(StoreError) {
        for name in try names() {
            for (version, platforms) in try versions(of: name) {
                for platform in platforms {
                    let key = PackageKey(name: name, version: version, platform: platform)
                    let since: Int
                    do throws(FileError) {
                        since = Int(try root.status(of: Self.place(key))?.modified.seconds ?? 0)
                    } catch {
                        throw StoreError(error)
                    }
                    board.update { $0.here[key] = Arrival(since: since * 1000, took: nil) }
                }
            }
        }
        do throws(FileError) {
            try root.makeDirectories(Self.folder)
            for entry in try root.openDirectory(Self.folder).entries() {
                let place = "\(Self.folder)/\(entry.name)"
                let path = String(entry.name.map { $0 == "@" ? "/" : $0 })
                guard let key = PackageKey(path: path), !board.isHere(key),
                    let record = try? PackageRecord(
                        manifest: try root.readFile(place, limit: Int(Self.manifestLimit.bytes)), of: key)
                else {
                    // It has arrived since, or was cut off by a crash: the bucket has it.
                    try root.remove(place)
                    continue
                }
                board.update {
                    $0.announced[key] = .init(record: record, time: nil, waitsFor: ReplicationBoard.Announced.turn)
                }
            }
        } catch {
            throw StoreError(error)
        }
    }

    private static func announced(_ key: PackageKey) -> String {
        "\(folder)/\(key.name)@\(key.version)@\(key.platform)"
    }

    /// Keeps a manifest until its archive is here.
    func keepAnnounced(_ text: [UInt8], of key: PackageKey) throws(FileError) {
        try root.replaceFile(Self.announced(key), permissions: 0o644, bytes: text, durable: false)
    }

    func announcedManifest(of key: PackageKey) throws(StoreError) -> [UInt8] {
        do throws(FileError) {
            return try root.readFile(Self.announced(key), limit: Int(Self.manifestLimit.bytes))
        } catch {
            throw StoreError(error)
        }
    }

    func forgetAnnounced(_ key: PackageKey) throws(FileError) { try root.remove(Self.announced(key)) }

    /// Makes a package of an archive that came from the bucket, as if it had been published here.
    func take(_ name: String, of key: PackageKey, manifest text: [UInt8]) throws(StoreError) {
        do throws(FileError) {
            let file = try pending.openFile(name, for: .reading)
            try file.setPermissions(0o644)
            try file.sync()
        } catch {
            throw StoreError(error)
        }
        do throws(StoreError) {
            if case .staged(let package) = try stage(key, manifest: text, archive: name) { _ = try show(package) }
        } catch {
            // What does not fit its manifest is of no use for going on. Best effort: the first error is the one to tell.
            try? pending.remove(name)
            throw error
        }
        try? pending.remove(name)  // the package has a name of its own for these bytes
    }
}

extension PackageRecord {
    /// Reads a manifest of the bucket, which must be of that package.
    init(manifest text: [UInt8], of key: PackageKey) throws(BucketError) {
        let manifest: PackageManifest
        do throws(ManifestError) { manifest = try PackageManifest.read(text) } catch {
            throw .badManifest(key, why: explain(error))
        }
        guard PackageKey(name: manifest.name, version: manifest.version, platform: manifest.platform) == key else {
            throw .badManifest(key, why: "it is of another package")
        }
        self.init(manifest: Digest(of: text), archive: manifest.archive, size: manifest.size)
    }
}

extension ReplicationBoard.Announced {
    /// What a package waits for that is fetched as soon as there is room.
    static let turn = "its turn"
}
