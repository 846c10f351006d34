extension Snapshot {
    /// What is there and does nothing: classes without hosts, settings that nobody reads, releases that no host is at.
    /// None of it is wrong; most of it is left over.
    ///
    /// Nothing is said while there are errors in the files: what cannot be read might use what seems unused.
    /// - Parameter tags: Every release that there is a tag of; nil where that is not known.
    public func notes(tags: [ReleaseReference]? = nil) -> [Diagnostic] {
        guard !findings.hasErrors else { return [] }
        let inUse = Set(repo.hosts.values.map(\.release.hostclass))
        let notes =
            unusedClasses(inUse) + unusedSettings() + unusedDatacenterSettings() + emptyDatacenters()
            + unusedReleases(among: tags ?? [])
        return notes.sortedForReading()
    }

    private func unusedClasses(_ inUse: Set<HostclassName>) -> [Diagnostic] {
        repo.hostclasses.keys.filter { !inUse.contains($0) }.map { name in
            Diagnostic(
                .unusedHostclass, at: SourceLocation(file: "hostclasses/\(name).yml"), "no host is of class '\(name)'",
                hint: "add a host with `hostclass: \(name)@RELEASE`, or remove the class's files")
        }
    }

    private func unusedSettings() -> [Diagnostic] {
        repo.hostclasses.values.flatMap { tree -> [Diagnostic] in
            let read = tree.namesRead
            let hostclass = tree.hostclass
            let declared =
                hostclass.settings.map { ($0.key, $0.location) } + hostclass.required.map { ($0.key, $0.location) }
            return declared.filter { !read.contains($0.0.rawValue) }.map { key, location in
                Diagnostic(
                    .unusedSetting, at: location,
                    "nothing reads the setting '\(key)': no template of '\(hostclass.name)' and no service names it",
                    hint: "write {{\(key)}} where it is meant to go, or remove it")
            }
        }
    }

    private func unusedDatacenterSettings() -> [Diagnostic] {
        var trees = Array(repo.hostclasses.values)
        for case .found(let release, _) in releases.values { trees.append(release.tree) }
        let declared = Set(trees.flatMap { $0.hostclass.settings.map(\.key) + $0.hostclass.required.map(\.key) })
        return repo.datacenters.values.flatMap { datacenter in
            datacenter.settings.filter { !declared.contains($0.key) }.map { setting in
                Diagnostic(
                    .unusedDatacenterSetting, at: setting.location,
                    "no class declares the setting '\(setting.key)', so no host gets it",
                    hint: nearestName(to: setting.key.rawValue, among: declared.map(\.rawValue).sorted())
                        .map { "did you mean '\($0)'?" } ?? "declare it in the classes that need it, or remove it")
            }
        }
    }

    private func emptyDatacenters() -> [Diagnostic] {
        let inUse = Set(repo.hosts.values.map(\.datacenter))
        return repo.datacenters.keys.filter { !inUse.contains($0) }.map { name in
            Diagnostic(
                .emptyDatacenter, at: SourceLocation(file: "datacenters/\(name).yml"),
                "no host is in the datacenter '\(name)'",
                hint: "add a host with `datacenter: \(name)`, or remove the file")
        }
    }

    /// One note a class, since of a long history most releases are out of use.
    private func unusedReleases(among tags: [ReleaseReference]) -> [Diagnostic] {
        Dictionary(grouping: tags, by: \.hostclass).compactMap { name, tags in
            let unused = tags.filter { releases[$0] == nil }.sorted()
            guard let first = unused.first else { return nil }
            let which =
                unused.count == 1
                ? "no host is at the release '\(first)'"
                : "no host is at \(unused.count) of the \(tags.count) releases of '\(name)': "
                    + unused.prefix(3).map(\.rawValue).joined(separator: ", ")
                    + (unused.count > 3 ? " and \(unused.count - 3) more" : "")
            return Diagnostic(
                .unusedReleases, at: SourceLocation(file: "hostclasses/\(name).yml"), which,
                hint: "keep those that you may go back to; `git push --delete origin TAG` removes one")
        }
    }
}

extension HostclassTree {
    /// The names that its templates and the texts of its services mention, without what follows a dot.
    fileprivate var namesRead: Set<String> {
        let templates = files.compactMap(\.template) + hostclass.services.flatMap(\.templates.values)
        return Set(templates.flatMap { $0.names.compactMap { $0.name.split(separator: ".").first.map(String.init) } })
    }
}
