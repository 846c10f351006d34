internal import GitRepository
internal import RollerCore

extension PageRoutes {
    /// `/hosts/H`: all that is known of one host.
    @Sendable func host(_ call: Call) async throws -> Page {
        let look = try await look(call)
        let (snapshot, links) = (look.snapshot, look.links)
        let host = try snapshot.host(call["host"])
        let resolved = try snapshot.resolve(host)
        var page = look.page(host.name.rawValue, .hosts, data: "/v1/hosts/\(host.name)")
        page.trail = [.link("Hosts", links.page(["hosts"]))]
        page.lead =
            links.release(host.release) + " in " + links.datacenter(host.datacenter) + " on "
            + .code(resolved.platform.rawValue)
        let path = "hosts/\(host.name).yml"
        let holders = snapshot.snapshot.holders(on: host)
        page.sections = [
            Page.Section(
                "Settings", count: resolved.settings.count, [.table(try await settings(resolved, look))]),
            Page.Section(
                "Host file",
                [
                    .text(.code(path, link: links.source(path, at: snapshot.revision))),
                    .listing(Listing(file: snapshot.files[path]?.bytes ?? [], path: path)),
                ]),
            Page.Section("Packages", count: resolved.bundle.packages.count, [.table(packages(resolved.bundle))]),
            Page.Section(
                "Services", count: resolved.bundle.services.count, [.table(services(resolved.bundle.services))]),
            Page.Section("Files", count: resolved.files.count, [.table(files(resolved, links))]),
            Page.Section("Access", count: Set(holders.map(\.user)).count, [.table(access(holders, links))]),
            Page.Section("History", try await rolls(of: host.name)),
            Page.Section("Compare", [.form(compare(host, call))]),
        ]
        return page
    }

    private func settings(_ host: ResolvedHost, _ look: Look) async throws -> Table {
        let (snapshot, links) = (look.snapshot, look.links)
        let place = { (origin: EffectiveSetting.Origin) -> CommitLog.FileAtCommit in
            let (release, path) = origin.location.releaseAndPath
            return .init(path: path, commit: release == nil ? snapshot.revision : host.release.revision)
        }
        let commits = await log.lastChanges(of: Set(host.settings.map { place($0.origin) }))
        return Table(
            caption: "Effective settings of \(host.host.name)",
            columns: ["Setting", "Value", "Set by", "Where", "File last changed by"],
            rows: host.settings.map { setting in
                let outranked = setting.outranked.map { links.source($0.location, of: snapshot) }.joined()
                let commit = commits[place(setting.origin)].map { commit in
                    links.commit(commit.revision) + .quiet(" \(commit.author.name)")
                }
                return [
                    .code(setting.key.rawValue), value(setting.value),
                    Phrase(setting.origin.level.rawValue, setting.origin.level == .hostclass ? .plain : .info),
                    links.source(setting.origin.location, of: snapshot)
                        + (outranked.isEmpty ? .nothing : Phrase.quiet(" outranks ") + outranked),
                    commit ?? .none,
                ]
            }, empty: "The class declares no settings.")
    }

    /// A value as YAML writes it, cut where it is long.
    func value(_ value: Value) -> Phrase {
        let text = value.yaml
        return .code(cut(text.hasSuffix("\n") ? String(text.dropLast()) : text, to: 600))
    }

    private func packages(_ bundle: Bundle) -> Table {
        Table(
            caption: "Packages", columns: ["Package", "Version", "Built for", .number("Size"), "Archive"],
            rows: bundle.packages.map { package in
                let key = PackageKey(name: package.name, version: package.version, platform: package.platform)
                return [
                    .code(package.name.rawValue, link: Links(at: nil).package(key).spans[0].link),
                    .code(package.version.rawValue), .code(package.platform.rawValue), Phrase("\(package.size)"),
                    .code(package.archive.short),
                ]
            }, empty: "The class installs no packages.")
    }

    /// Services with how they run, in the order they start.
    func services(_ services: [Service]) -> Table {
        Table(
            caption: "Services, in the order they start", columns: ["Service", "Runs by", "Stops for", "Health"],
            rows: services.map { service in
                let run: Phrase =
                    switch service.supervisor {
                    case .systemd(let unit): .code(unit)
                    case .commands(let start, _, _, _): .code(start.joined(separator: " "))
                    }
                let checks = service.checks.map { check -> Phrase in
                    let probe: String =
                        switch check.probe {
                        case .http(let address), .tcp(let address): address
                        case .run(let words): words.joined(separator: " ")
                        }
                    return .code(probe) + .quiet(" within \(check.within.rawValue)")
                }
                return [
                    .code(service.name.rawValue), run,
                    service.uses.map { .code($0.joined(separator: ", ")) } ?? "any change",
                    checks.isEmpty ? .none : checks.joined(),
                ]
            }, empty: "No services.")
    }

    private func files(_ host: ResolvedHost, _ links: Links) -> Table {
        Table(
            caption: "Files of the class as they will be on \(host.host.name)",
            columns: ["Path", "Mode and owner", .number("Size"), "From"],
            rows: host.files.map { file in
                let page = ["hosts", host.host.name.rawValue, "files"] + parts(of: file.path.rawValue)
                let source = host.release.tree.files.first { $0.path == file.path }?.source
                let path = source.map { SourceLocation(file: $0).releaseAndPath.path } ?? ""
                return [
                    .code(file.path.rawValue, link: links.page(page)), .code(file.mode.rawValue),
                    Phrase("\(ByteCount(Int64(file.bytes.count)))"),
                    .code(path, link: links.source(path, at: host.release.revision)),
                ]
            }, empty: "The class brings no files.")
    }

    private func access(_ holders: [AccessIndex.Holder], _ links: Links) -> Table {
        Table(
            caption: "Who gets onto the host", columns: ["Person", "May", "Through group"],
            rows: holders.map { holder in
                [
                    links.user(holder.user.rawValue),
                    Phrase(holder.right.rawValue, holder.right == .sudo ? .warn : .info), links.group(holder.group),
                ]
            }, empty: "Nobody gets onto the host by way of Roller.")
    }

    private func rolls(of host: HostName) async throws -> [Block] {
        let receipts = fleet.receipts
        let found = try await waitingForDisk { try receipts.receipts(of: host, limit: 20) }
        let rows = found.map { stored -> [Phrase] in
            let receipt = stored.receipt
            let down = receipt.services.compactMap(\.downMilliseconds).max()
            let move = [receipt.from, receipt.to].compactMap { $0.map(\.description) }
            return [
                .code(UTCTime(seconds: stored.received).forPeople),
                receipt.exit.words + .quiet(receipt.failure.map { " \(cut($0, to: 200))" } ?? ""),
                move.isEmpty ? .none : Phrase(move.joined(separator: " → ")),
                receipt.applied.map(Links(at: nil).release) ?? .none,
                Phrase(Duration.milliseconds(receipt.milliseconds).brief),
                down.map { Phrase(Duration.milliseconds($0).brief) } ?? .none,
            ]
        }
        return [
            .table(
                Table(
                    caption: "Rolls of \(host), the newest first",
                    columns: [
                        "Heard", "Outcome", "Generations", "Stands on", .number("Took"), .number("Services away"),
                    ], rows: rows, empty: "The host has sent no receipt."))
        ]
    }

    private func compare(_ host: Host, _ call: Call) -> Form {
        var fields = [Form.Field(name: "with", label: "Another host, or a commit", value: "")]
        if let at = call.query["at"] { fields.append(.init(name: "at", label: "", value: at, isHidden: true)) }
        return Form(
            button: "Compare", action: Links(at: nil).page(["hosts", host.name.rawValue, "diff"]), fields: fields)
    }
}

/// The components of a path, split by bytes: a slash and a combining mark behind it are one character to Swift.
func parts(of path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
}
