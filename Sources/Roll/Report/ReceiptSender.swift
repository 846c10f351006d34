import LinuxSystem
import RollerCore
import SystemPackage
import Transfer

/// Hands receipts in at a config server. It never fails a roll and holds it up by seconds at most: what cannot be sent stays
/// in the outbox for the next roll.
struct ReceiptSender {
    /// As whom, and how.
    struct Settings: Equatable {
        /// Where to; none means those that the host remembers.
        var servers: [String] = []
        var tokenFile: FilePath
        /// Whether somebody named the file, so that it has to be there.
        var needsTokenFile: Bool
        var caFile: FilePath?
        var certificate: TransferOptions.ClientCertificate?
        /// How long all of it may take.
        var patience = Duration.seconds(3)
    }

    let settings: Settings
    let home: RollerHome
    let report: Report

    /// For so long after a failure nothing is tried without news.
    private static let rest = 300

    /// What became of one receipt.
    private enum Fate {
        case taken
        /// No server will ever take it.
        case refused(String)
        case kept(why: String, isOurs: Bool)
    }

    /// Puts the receipt into the outbox if it says something new, and sends what is there, in order.
    func send(_ receipt: Receipt, now: Int) async {
        do {
            let outbox = Outbox(home)
            var memory = outbox.memory()
            let isNews = receipt.host != nil && outbox.isNews(receipt, after: memory)
            if isNews {
                let dropped = try outbox.add(completed(receipt))
                if dropped > 0 { report.warning("no server took them: the \(dropped) oldest receipts are not sent") }
                memory = receipt.memory(failed: memory.failed)
            }
            guard isNews || now - memory.failed >= Self.rest, try !outbox.names().isEmpty else {
                if isNews { try outbox.remember(memory) }
                return
            }
            memory.failed = await empty(outbox) ? 0 : now
            try outbox.remember(memory)
        } catch {
            report.warning("cannot send the receipt: \(explain(error))")
        }
    }

    /// What takes reading to know, and only those need who are told.
    private func completed(_ receipt: Receipt) -> Receipt {
        var receipt = receipt
        let live = try? home.state()?.current  // a receipt that says less is better than none
        let record = live.flatMap { try? home.record(of: $0) }
        receipt.applied = record?.release
        if receipt.release == nil, receipt.exit == .success { receipt.release = record?.release }
        receipt.bootID = bootID()
        return receipt
    }

    /// Sends what waits.
    /// - Returns: False where something had to stay.
    private func empty(_ outbox: Outbox) async -> Bool {
        do {
            // Two rolls in a row must not send in each other's order. Who has the lock sends for both.
            guard let lock = try lock() else { return true }
            let deadline = ContinuousClock.now + settings.patience
            let http = try HTTPClient(
                options: TransferOptions(
                    caFile: settings.caFile, clientCertificate: settings.certificate,
                    userAgent: "roll/\(RollerVersion.text)"))
            let servers = try servers()
            let token = try token()
            for name in try outbox.names() {
                guard let bytes = try outbox.bytes(name) else { continue }
                switch await hand(in: bytes, to: servers, token, by: http, until: deadline) {
                case .taken: try outbox.remove(name)
                case .refused(let why):
                    report.warning("no server takes the receipt \(name), so it is not sent: \(why)")
                    try outbox.remove(name)
                case .kept(let why, let isOurs):
                    if isOurs { report.warning("the receipt is kept to be sent later: \(why)") }
                    if !isOurs { report.aside("the receipt is kept to be sent later: \(why)") }
                    return false
                }
            }
            _ = try lock.isInPlace(in: home.root)  // held up to here
            return true
        } catch {
            report.warning("cannot send receipts: \(explain(error))")
            return false
        }
    }

    /// Whom to ask, in the order in which this host asks for its bundle too: what it says is then where it is asked for.
    private func servers() throws -> [String] {
        let state = try home.state()
        let servers = settings.servers.isEmpty ? state?.servers ?? [] : settings.servers
        guard let host = state?.host, !servers.isEmpty else { return servers }
        let start = Int(stableHash(host.rawValue) % UInt64(servers.count))
        return Array(servers[start...] + servers[..<start])
    }

    private func lock() throws -> FileLock? {
        do throws(FileLockError) {
            return try FileLock.acquire(in: home.root, name: "outbox.lock", contents: "process \(Processes.own)")
        } catch {
            switch error {
            case .heldBy: return nil
            case .file(let cause): throw cause
            }
        }
    }

    private func hand(
        in receipt: [UInt8], to servers: [String], _ token: String?, by http: HTTPClient,
        until deadline: ContinuousClock.Instant
    ) async -> Fate {
        var last = Fate.kept(why: "no server is known", isOurs: false)
        for server in servers {
            let left = deadline - .now
            guard left > .milliseconds(50) else { return .kept(why: "it took too long", isOurs: false) }
            guard token == nil || !sendsPlainly(server) else {
                last = .kept(why: "\(server) would carry the token in plain text; use https", isOurs: true)
                continue
            }
            last = await hand(in: receipt, to: server, token, by: http, within: left)
            if case .kept = last { continue }
            return last
        }
        return last
    }

    private func hand(
        in receipt: [UInt8], to server: String, _ token: String?, by http: HTTPClient, within left: Duration
    ) async -> Fate {
        var limits = TransferLimits(
            maxBodyBytes: 64 << 10, connect: min(left, .seconds(1)), total: min(left, .seconds(2)))
        limits.stall = TransferLimits.Stall(bytesPerSecond: 1, window: min(left, .seconds(2)))
        let url = server + "/v1/receipts"
        var headers = [(name: "Content-Type", value: "application/json"), (name: "Accept", value: "application/json")]
        report.curl(url, headers: headers + [(name: "Authorization", value: "Bearer TOKEN")])
        if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
        let response: HTTPResponse
        do {
            response = try await http.send(
                HTTPRequest(url: url, method: .post, headers: headers, body: .bytes(receipt), limits: limits))
        } catch {
            return .kept(why: "\(url): \(error.message)", isOurs: false)
        }
        let words = ServerRefusal.read(response.body)?.message ?? "\(url) answered \(response.status)"
        switch response.status {
        case 200, 201: return .taken
        case 400, 409, 413, 422: return .refused(words)
        // Without a token nobody promised that the server would take it.
        case 401, 403: return .kept(why: words, isOurs: token != nil)
        default: return .kept(why: words, isOurs: false)
        }
    }

    /// The token; nil where there is none.
    private func token() throws -> String? {
        let path = settings.tokenFile
        guard let bytes = try read(path) else {
            guard settings.needsTokenFile else { return nil }
            throw FileError("read", path.string, .noSuchFileOrDirectory)
        }
        let token = String(decoding: bytes.filter { ![0x20, 0x0a, 0x0d, 0x09].contains($0) }, as: UTF8.self)
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw BadToken(path: path) }
        return token
    }

    /// The bytes of a file; nil where there is none.
    private func read(_ path: FilePath) throws(FileError) -> [UInt8]? {
        do {
            let parent = path.removingLastComponent()
            let folder = try Directory.open(parent.isEmpty ? "." : parent, followingLinks: true)
            return try folder.readFile(path.lastComponent?.string ?? "", limit: 64 << 10)
        } catch let error {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    private func bootID() -> String? {
        // Not everywhere is there such a file, and a receipt without it is as good.
        guard let bytes = try? read("/proc/sys/kernel/random/boot_id") else { return nil }
        return String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7f }, as: UTF8.self)
    }
}

/// Whether what is sent to a server can be read on the way: http, to another machine.
func sendsPlainly(_ server: String) -> Bool {
    guard server.lowercased().hasPrefix("http://") else { return false }
    let authority = server.dropFirst("http://".count).prefix { $0 != "/" }
    let name = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
    return name != "localhost" && name != "[::1]"
        && !(name.hasPrefix("127.") && name.allSatisfy { $0.isNumber || $0 == "." })
}

private struct BadToken: RollerError {
    let path: FilePath
    var message: String { "the token in \(path) is not one line of visible ASCII" }
    var hint: String? { "`rollerctl token new receipts` makes one that is" }
}
