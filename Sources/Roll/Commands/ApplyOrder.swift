import ArgumentParser
import RollerCore
import SystemPackage

/// All that `roll` was asked for, however that was said.
struct ApplyOrder: Equatable {
    var request: Apply.Request
    var report: Report
    /// How receipts are sent; nil where none is to be.
    var sending: ReceiptSender.Settings?
    var printsJSON = false
    var hasDetailedExitCode = false

    /// Rolls the host, tells of it, and ends with the exit code that says how it went.
    func carryOut() async throws -> Never {
        let receipt = await Apply(request: request, report: report, now: secondsSince1970()).roll()
        try await finish(receipt, at: request.prefix, printing: printsJSON, sending: sending, report)
        if hasDetailedExitCode, receipt.exit == .success, receipt.changed {
            throw ExitCode(RollExit.changed.rawValue)
        }
        throw ExitCode(receipt.exit.rawValue)
    }
}
