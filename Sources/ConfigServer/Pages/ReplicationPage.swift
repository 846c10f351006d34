internal import RollerCore

extension PageRoutes {
    /// `/replication`: where packages are.
    @Sendable func replicationPage(_ call: Call) async throws -> Page {
        var page = Page(title: "Replication", area: .replication)
        guard let states = try await replication.states() else {
            let count = try await waitingForDisk { try store.names().count }
            page.sections = [
                Page.Section(
                    "Packages",
                    [
                        .notice(
                            Notice(
                                kind: .info, title: "This server has its own directory and no bucket.",
                                lines: [
                                    Phrase("What is published here is here, and nowhere else: ")
                                        + .link(counted(count, "package"), "/packages") + "."
                                ]))
                    ])
            ]
            return page
        }
        page.data = "/v1/replication"
        let slowest = Dictionary(grouping: states.filter { $0.took != nil }, by: \.datacenter)
        let bars = slowest.sorted { $0.key < $1.key }.map { datacenter, states in
            let longest = states.compactMap(\.took).max() ?? .zero
            return Picture.Bar(name: datacenter.rawValue, amount: Double(longest.milliseconds), text: longest.brief)
        }
        if !bars.isEmpty {
            page.sections.append(
                Page.Section(
                    "Arrival",
                    [
                        .picture(
                            .bars(
                                title: "Arrival by datacenter",
                                description:
                                    "How long packages took from their publication to each datacenter, the longest of those listed.",
                                of: "Datacenter", amount: "Longest", bars))
                    ]))
        }
        let rows = states.prefix(1000).map { state -> [Phrase] in
            let standing =
                state.since.map { Phrase("there", .good) + .quiet(" since \(UTCTime(seconds: $0).forPeople)") }
                ?? Phrase("waits", .warn) + .quiet(" for \(state.waitsFor)")
            return [
                Links(at: nil).package(state.package), Links(at: nil).datacenter(state.datacenter), standing,
                state.took.map { Phrase($0.brief) } ?? .none,
            ]
        }
        page.sections.append(
            Page.Section(
                "Packages", count: states.count,
                [
                    .table(
                        Table(
                            caption: "Packages and where they are",
                            columns: ["Package", "Datacenter", "Standing", .number("Took")], rows: rows,
                            footer: states.count > 1000 ? .quiet("and \((states.count - 1000).grouped) more") : .nothing
                        ))
                ]))
        return page
    }
}
