import RollerCore

extension Finish {
    /// What a roll is to heed.
    func terms(_ plan: RollPlan, _ health: [ServiceName: Bool]) -> RollTerms {
        var terms = RollTerms(plan)
        terms.budget = budget?.duration
        terms.ill = Set(health.filter { !$0.value }.keys)
        terms.endRequest = endRequestBySignal
        for name in terms.ill.sorted() { report.step("service", "\(name): not healthy before the roll") }
        return terms
    }

    /// What happened to each service.
    /// - Parameter health: Whether it passed its checks before.
    func serviceReceipts(
        _ changes: [ServiceChange], _ machine: Machine, _ health: [ServiceName: Bool]
    ) -> [Receipt.ServiceReceipt] {
        changes.map { change in
            let unreloaded = machine.unreloaded[change.name]
            var receipt = Receipt.ServiceReceipt(
                name: change.name, action: unreloaded == nil ? change.action : .restart,
                reason: change.reason.text + (unreloaded.map { "; its reload failed: \($0)" } ?? ""),
                downMilliseconds: machine.downtime.services[change.name]?.milliseconds)
            receipt.expectedMilliseconds = expected.first { $0.service == change.name }?.medianMilliseconds
            receipt.wasHealthy = health[change.name]
            let trouble = machine.log.troubles[change.name]
            receipt.result = trouble?.result
            receipt.log = trouble?.lines
            return receipt
        }
    }

    /// Says what services wrote that something went wrong with.
    func tellTroubles(_ receipt: Receipt) {
        for service in receipt.services where service.log?.isEmpty == false {
            report.warning("the last lines of '\(service.name)':")
            for line in service.log ?? [] { report.warning("    \(line)") }
        }
    }

    /// Says which services were away for longer than they may be, and which processes use earlier trees.
    func tellDebts(_ receipt: Receipt, _ downtime: Downtime) {
        for (service, time) in downtime.overBudget {
            report.warning(
                "'\(service)' was away for \(time.brief), and the downtime budget is \(budget?.rawValue ?? "none")")
        }
        guard let debt = receipt.restartDebt, !debt.isEmpty else { return }
        let names = debt.prefix(5).map { "\($0.name) (\($0.process))" }.joined(separator: ", ")
        report.step(
            "debt", "earlier trees are in use until these restart: \(names)\(debt.count > 5 ? " and others" : "")")
    }
}
