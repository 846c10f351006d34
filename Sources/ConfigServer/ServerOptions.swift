internal import RollerCore
internal import SystemPackage

/// What a server is told when it starts.
struct ServerOptions: Sendable {
    /// The bare repository, a `.git` directory, or a work tree with one in it.
    var repository: FilePath
    /// The branch that is served.
    var branch = "main"
    /// The directory of the packages; made where there is none.
    var store: FilePath
    /// Where to listen.
    var listen: ListenAddress
    /// Whether others than this machine may be answered without encryption.
    var allowsPlaintext = false
    /// Where to write the port once the server listens.
    var portFile: FilePath?
    /// Who may write; nobody without it.
    var tokens: FilePath?
    /// The directory of receipts; made where there is none. Nil is beside the store: its path and `.receipts`.
    var receipts: FilePath?
    /// Whether this machine may hand in receipts without a token.
    var allowsLocalReceipts = false
    /// How long a host may say nothing before it counts as silent.
    var silentAfter = Duration.seconds(3 * 3600)
    /// How often the branch is looked at, and the upstream fetched where there is one.
    var poll = Duration.seconds(1)
    /// Whether to look at the branch as soon as the repository's references change.
    var watches = true
    /// What the repository is a mirror of; nil where it is pushed to.
    var upstream: String?
    /// How long one fetch may take.
    var fetchLimit = Duration.seconds(120)
    /// The file of the secret that webhooks are signed with; none are taken without it.
    var webhookSecret: FilePath?
    /// The bucket that packages are shared through; nil where the store is all there is.
    var bucket: BucketOptions?
    /// As large as an archive may be.
    var archiveLimit = ByteCount(4 << 30)
    /// How archives get to connections that speak plain text. Under TLS they go through memory, whatever this says.
    var archiveWay = ArchiveSender.Way.kernel
    /// What makes the server speak TLS; plain text without it.
    var tls: TLSFiles?
    /// How much clients may ask.
    var limits = Limits()
    /// Whether each request is told at level info.
    var logsRequests = false
    /// Who started the server and wants to know how it is.
    var notifier: ServiceNotifier?
    /// How slowly a body may come.
    var patience = InboundBody.Patience()
}

/// Why a server cannot start.
enum StartError: RollerError {
    case plaintext(ListenAddress)
    case repository(SnapshotError)
    case store(StoreError)
    case receipts(StoreError)
    case tokens(TokensError)
    case seen(SeenError)
    case upstream(UpstreamError)
    case webhook(WebhookSecretError)
    case tls(TLSError)
    case bucket(BucketError)
    case listen(ListenAddress, why: String)

    var message: String {
        switch self {
        case .plaintext(let address):
            "listening on \(address.host) would answer other machines without encryption"
        case .repository: "cannot use the repository"
        case .store: "cannot use the store"
        case .receipts: "cannot use the directory of receipts"
        case .tokens: "cannot use the tokens file"
        case .seen: "cannot tell which releases were seen"
        case .upstream: "cannot use the upstream"
        case .webhook: "cannot use the secret of webhooks"
        case .tls: "cannot speak TLS"
        case .bucket: "cannot use the bucket"
        case .listen(let address, let why): "cannot listen on \(address.host) at port \(address.port): \(why)"
        }
    }

    var cause: (any Error)? {
        switch self {
        case .plaintext, .listen: nil
        case .repository(let error): error
        case .store(let error), .receipts(let error): error
        case .tokens(let error): error
        case .seen(let error): error
        case .upstream(let error): error
        case .webhook(let error): error
        case .tls(let error): error
        case .bucket(let error): error
        }
    }

    var hint: String? {
        switch self {
        case .plaintext: "give --tls-certificate and --tls-key, listen on 127.0.0.1, or pass --allow-plaintext"
        case .repository(let error): error.hint
        case .store(let error), .receipts(let error): error.hint
        case .tokens(let error): error.hint
        case .seen(let error): error.hint
        case .upstream(let error): error.hint
        case .webhook(let error): error.hint
        case .tls(let error): error.hint
        case .bucket(let error): error.hint
        case .listen: "see who else listens there, or listen elsewhere"
        }
    }
}
