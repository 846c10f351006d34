import ArgumentParser
import LinuxSystem
import RollerCore
import SystemPackage
import Transfer

/// Whether and as whom receipts are sent to the server.
struct ReportingOptions: ParsableArguments {
    /// Where the token is looked for when nobody says.
    static let usualTokenFile = "/etc/roller/token"

    @Flag(help: "Send no receipt to the server. It is kept here all the same.")
    var noReport = false

    @Option(
        help: ArgumentHelp(
            "A file that holds the token for sending receipts. (default: \(usualTokenFile), where it is there)",
            valueName: "file"),
        completion: .file())
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "A certificate to show when sending receipts, in PEM; with --report-key.", valueName: "file"),
        completion: .file())
    var reportCertificate: String?

    @Option(help: ArgumentHelp("The key of that certificate, in PEM.", valueName: "file"), completion: .file())
    var reportKey: String?

    func validate() throws {
        guard (reportCertificate == nil) == (reportKey == nil) else {
            throw ValidationError("--report-certificate and --report-key go together")
        }
    }

    /// How receipts are sent; nil where none is to be.
    /// - Parameter servers: Where to; none means those that the host remembers.
    func sender(to servers: [String] = [], caFile: String? = nil) -> ReceiptSender.Settings? {
        guard !noReport else { return nil }
        var settings = ReceiptSender.Settings(
            servers: servers, tokenFile: FilePath(tokenFile ?? Self.usualTokenFile), needsTokenFile: tokenFile != nil,
            caFile: caFile.map { FilePath($0) })
        if let reportCertificate, let reportKey {
            settings.certificate = TransferOptions.ClientCertificate(
                certificate: FilePath(reportCertificate), key: FilePath(reportKey))
        }
        return settings
    }
}
