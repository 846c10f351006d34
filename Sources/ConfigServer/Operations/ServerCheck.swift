internal import LinuxSystem
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RollerCore
internal import SystemPackage

/// `--check`: tries all that a server needs, and says what it finds, a line for each.
struct ServerCheck: Sendable {
    /// How something turned out.
    enum Outcome: Hashable, Sendable {
        case fine(String)
        case warning(String)
        case error(String, hint: String?)

        /// The line that tells it.
        func line(of subject: String) -> String {
            let name = subject + String(repeating: " ", count: max(1, 13 - subject.utf8.count))
            return switch self {
            case .fine(let text): "ok       \(name)\(text)"
            case .warning(let text): "warning  \(name)\(text)"
            case .error(let text, let hint): "error    \(name)\(text)" + (hint.map { "; \($0)" } ?? "")
            }
        }
    }

    private let options: ServerOptions

    init(_ options: ServerOptions) { self.options = options }

    /// A certificate that ends sooner than this is worth a warning.
    private static let expirySoon = 14 * 86400

    /// Tries everything, and prints what it finds.
    /// - Returns: Whether a server would start, and serve the newest commit.
    func run() async -> Bool {
        var isFine = true
        for (subject, outcome) in [
            ("listen", await listening()), ("tls", tls(now: .now)), ("tokens", tokens()), ("store", store()),
            ("repository", await repository()),
        ] + (await bucket()) {
            if case .error = outcome { isFine = false }
            // Nobody is left to tell where standard output is closed.
            _ = try? FileDescriptor.standardOutput.writeAll((outcome.line(of: subject) + "\n").utf8)
        }
        return isFine
    }

    /// Whether the address is one of this machine's, and free.
    private func listening() async -> Outcome {
        let listen = options.listen
        guard listen.isLoopback || options.allowsPlaintext || options.tls != nil else {
            return Self.failure(StartError.plaintext(listen))
        }
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .bind(host: listen.host, port: listen.port).get()
            try await channel.close()
            return .fine(listen.url(port: listen.port, scheme: options.tls == nil ? "http" : "https"))
        } catch let error as IOError where error.errnoCode == Errno.addressInUse.rawValue {
            return .warning("\(listen.host) at port \(listen.port) is taken; by the server itself, if it is running")
        } catch let error as IOError {
            return Self.failure(StartError.listen(listen, why: Errno(rawValue: error.errnoCode).description))
        } catch {
            return .error("cannot listen on \(listen.host): \(error)", hint: nil)
        }
    }

    /// Whether the certificate, its key and the authority for clients can be used, and for how long.
    func tls(now: UTCTime) -> Outcome {
        guard let files = options.tls else { return .fine("none: plain text") }
        do throws(TLSError) {
            guard let material = try TLSMaterial.read(files) else { preconditionFailure("nothing is known yet") }
            let until = UTCTime(seconds: material.expiry).iso8601
            let left = material.expiry - now.seconds
            if left <= 0 { return .error("the certificate ended at \(until)", hint: "renew it") }
            if left < Self.expirySoon { return .warning("the certificate ends at \(until), in \(left / 86400) days") }
            if material.isKeyReadableByOthers { return .warning("others may read \(files.key); chmod 600 it") }
            return .fine("certificate until \(until)")
        } catch {
            return Self.failure(error)
        }
    }

    private func tokens() -> Outcome {
        guard let path = options.tokens else { return .warning("none: nobody may publish") }
        do throws(TokensError) {
            let (tokens, isReadable) = try Tokens.load(path)
            if isReadable { return .warning("others than its owner may read \(path); chmod 600 it") }
            let today = UTCTime.now.iso8601.prefix(10)
            let expired = tokens.tokens.count { $0.lastDay.map { $0 < today } ?? false }
            if expired > 0 { return .warning("\(expired) of \(tokens.tokens.count) tokens have ended") }
            return .fine("\(tokens.tokens.count)")
        } catch {
            return Self.failure(error)
        }
    }

    /// Whether the store can be written, by writing to it.
    private func store() -> Outcome {
        do {
            let store = try PackageStore(options.store)
            let name = ".check-\(UInt64.random(in: .min ... .max))"
            try store.pending.createFile(name, permissions: 0o600, bytes: [0])
            try store.pending.remove(name)
            let free = try store.root.space().availableBytes
            return .fine("\(options.store), \(ByteCount(Int64(clamping: free))) free")
        } catch {
            return Self.failure(error)
        }
    }

    /// Whether the bucket answers, and whether it is one to publish to; nothing where there is none.
    private func bucket() async -> [(String, Outcome)] {
        guard let options = options.bucket else { return [] }
        do throws(BucketError) {
            let bucket = try PackageBucket(options)
            _ = try await bucket.look(since: UTCTime.nowMilliseconds)
            try await bucket.probe()
            guard !options.acceptsUnconditional else {
                return [("bucket", .warning("\(bucket.name); conditions are taken not to be honoured"))]
            }
            return [("bucket", .fine("\(bucket.name) honours conditions"))]
        } catch {
            return [("bucket", Self.failure(error))]
        }
    }

    /// Whether the newest commit can be served, by reading it as a server does.
    private func repository() async -> Outcome {
        var silent = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        silent.logLevel = .critical
        do {
            var options = options
            // What has a line of its own is not told twice.
            (options.tls, options.tokens, options.allowsPlaintext, options.bucket) = (nil, nil, true, nil)
            try await Server.prepare(options)
            let revision = try await Server(options, logger: silent).check()
            return .fine("\(options.repository), \(options.branch) at \(revision.rawValue.prefix(12))")
        } catch {
            if case .nothingServed(let refusal?) = error as? SnapshotError {
                let findings = refusal.findings.map { "\n" + $0.text { _ in nil } }.joined()
                return .error("\(refusal.message)\(findings)", hint: refusal.hint)
            }
            return Self.failure(error)
        }
    }

    private static func failure(_ error: any Error) -> Outcome {
        .error(explain(error), hint: (error as? any RollerError)?.hint)
    }
}
