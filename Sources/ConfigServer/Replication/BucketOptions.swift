internal import ArgumentParser
internal import Glibc
internal import RollerCore
internal import S3
internal import SystemPackage
internal import Transfer

/// The bucket that a server shares packages through, and how.
struct BucketOptions: Sendable {
    /// Which archives a server fetches before a host asks.
    enum Prefetch: String, ExpressibleByArgument, CaseIterable, Sendable {
        case all, needed, none
    }

    var endpoint: S3Endpoint
    var layout: BucketLayout
    var credentials: S3CredentialSource
    /// The client's own options: region, authorities, limits.
    var client = S3Options()
    /// The datacenter that this server is in.
    var datacenter: DatacenterName
    /// What it is called there; nil is the machine's name and what tells its store from others.
    var server: String?
    var prefetch = Prefetch.all
    /// How often to look for what is new.
    var poll = Duration.seconds(2)
    /// How often to compare all there is.
    var reconciliation = Duration.seconds(300)
    /// Whether a bucket will do that ignores conditions.
    var acceptsUnconditional = false
}

/// The flags about the bucket.
struct BucketFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Share packages with other config servers through this bucket: s3://NAME or s3://NAME/PREFIX.",
            valueName: "url"))
    var bucket: String?

    @Option(help: ArgumentHelp("The datacenter that this server is in; needed with --bucket.", valueName: "name"))
    var datacenter: String?

    @Option(
        help: ArgumentHelp(
            "Where the service is, as in https://s3.example.com:9000. (default: Amazon's in the region)",
            valueName: "url"))
    var bucketEndpoint: String?

    @Option(help: ArgumentHelp("The region that requests are signed for.", valueName: "name"))
    var bucketRegion = "us-east-1"

    @Option(
        help: ArgumentHelp("How URLs name the bucket at --bucket-endpoint: path or virtual-host.", valueName: "how"))
    var bucketAddressing = Addressing.path

    @Option(
        help: ArgumentHelp(
            "Where keys come from: environment, file:PATH, file:PATH#PROFILE or instance (its metadata service).",
            valueName: "source"))
    var bucketCredentials = "environment"

    @Option(help: ArgumentHelp("The authorities that vouch for the service, as PEM.", valueName: "file"))
    var bucketCa: String?

    @Option(help: ArgumentHelp("How often to look for new packages.", valueName: "time"))
    var bucketPoll = "2s"

    @Option(
        help: ArgumentHelp(
            "Which archives to fetch before a host asks: all, needed (by hosts of this datacenter) or none.",
            valueName: "which"))
    var prefetch = BucketOptions.Prefetch.all

    @Flag(help: "Use a bucket that ignores conditional puts. Publish through one server alone, then.")
    var acceptUnconditionalBucket = false

    /// How URLs name the bucket.
    enum Addressing: String, ExpressibleByArgument, CaseIterable {
        case path
        case virtualHost = "virtual-host"
    }

    /// What the flags say; nil where the server has its own directory alone.
    func options() throws -> BucketOptions? {
        guard let bucket else {
            guard datacenter == nil, bucketEndpoint == nil, bucketCa == nil else {
                throw ValidationError("--datacenter, --bucket-endpoint and --bucket-ca need --bucket")
            }
            return nil
        }
        guard let datacenter else {
            throw ValidationError("--bucket needs --datacenter, which names where this server is")
        }
        guard let datacenter = DatacenterName(datacenter) else {
            throw ValidationError(
                "--datacenter: '\(datacenter)' is no name of a datacenter; use \(DatacenterName.rule)")
        }
        guard bucket.hasPrefix("s3://") else {
            throw ValidationError("--bucket: '\(bucket)' names no bucket; use s3://NAME or s3://NAME/PREFIX")
        }
        let parts = bucket.dropFirst(5).split(separator: "/", omittingEmptySubsequences: true)
        guard let name = parts.first else {
            throw ValidationError("--bucket: '\(bucket)' names no bucket; use s3://NAME or s3://NAME/PREFIX")
        }
        let prefix = parts.dropFirst().map { "\($0)/" }.joined()
        do {
            let endpoint =
                if let bucketEndpoint {
                    try S3Endpoint(
                        url: bucketEndpoint, bucket: String(name),
                        addressing: bucketAddressing == .path ? .path : .virtualHost)
                } else {
                    try S3Endpoint(amazonRegion: bucketRegion, bucket: String(name))
                }
            var options = BucketOptions(
                endpoint: endpoint, layout: BucketLayout(prefix: prefix), credentials: .environment([:]),
                datacenter: datacenter)
            options.client.region = bucketRegion
            options.client.transfer.caFile = bucketCa.map { FilePath($0) }
            options.prefetch = prefetch
            options.acceptsUnconditional = acceptUnconditionalBucket
            return try finished(options)
        } catch let error as S3Error {
            throw ValidationError("--bucket: \(error.message)")
        }
    }

    private func finished(_ options: BucketOptions) throws -> BucketOptions {
        var options = options
        options.poll = try timeSpan(bucketPoll, of: "--bucket-poll")
        switch bucketCredentials {
        case "environment":
            let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
            // Nothing has started that could change the environment meanwhile.
            let pairs = names.compactMap { name in unsafe getenv(name).map { (name, unsafe String(cString: $0)) } }
            options.credentials = .environment(Dictionary(uniqueKeysWithValues: pairs))
        case "instance": options.credentials = .instanceMetadata()
        case let text where text.hasPrefix("file:"):
            let parts = text.dropFirst(5).split(separator: "#", maxSplits: 1)
            guard let path = parts.first else { throw ValidationError("--bucket-credentials: name the file") }
            options.credentials = .file(
                FilePath(String(path)), profile: parts.count == 2 ? String(parts[1]) : "default")
        case let text:
            throw ValidationError(
                "--bucket-credentials: '\(text)' is none of environment, file:PATH, file:PATH#PROFILE and instance")
        }
        return options
    }
}
