public import Transfer

/// How a client deals with its bucket. The defaults suit a server in a datacenter.
public struct S3Options: Sendable {
    /// What a request says of its payload.
    public enum PayloadSigning: Sendable, Hashable {
        /// The SHA-256 of what is sent: the service refuses other bytes.
        case signed
        /// `UNSIGNED-PAYLOAD`: for https alone, and only where hashing costs too much.
        case unsigned
    }

    /// The region that signatures are for. Servers other than Amazon's mostly take `us-east-1`.
    public var region = "us-east-1"
    /// What a request says of its payload.
    public var payloadSigning = PayloadSigning.signed
    /// Whether `x-amz-checksum-sha256` is sent with each payload, for the service to check and to keep.
    public var sendsChecksum = true
    /// Whether `Content-MD5` is sent with each payload, for services that check nothing else.
    public var sendsMD5 = false
    /// Files of more bytes than this are sent in parts. Default 64 MiB.
    public var multipartThreshold: Int64 = 64 << 20
    /// Size of a part, 5 MiB to 5 GiB; larger where a file would have more than 10,000. Default 16 MiB.
    public var partSize: Int64 = 16 << 20
    /// How many parts of one file are on their way at once.
    public var partsAtOnce = 4
    /// How many requests are on their way at once, over all tasks; each takes a thread while it lasts.
    public var requestsAtOnce = 16
    /// How often to try, and how long to wait in between.
    public var retries = RetryPolicy(attempts: 5, base: .milliseconds(200), cap: .seconds(20))
    /// The longest that one operation may wait between its tries, all waits together.
    public var longestWait = Duration.seconds(60)
    /// How many tries may be made again, over all tasks, before a success pays some back. Keeps a service that is down
    /// from being asked many times over.
    public var retryBudget = 100
    /// How the service is reached, and whom it is trusted by.
    public var transfer = TransferOptions()
    /// Told of every answer and every further try. Holds nothing secret.
    public var onEvent: (@Sendable (S3Event) -> Void)?
    /// Clock, chance and waiting; other than the machine's own in tests.
    public var surroundings = S3Surroundings()

    /// The defaults.
    public init() {}
}

/// Clock, chance and waiting.
public struct S3Surroundings: Sendable {
    /// Seconds since 1970.
    public var now: @Sendable () -> Int64
    /// A number in the range.
    public var random: @Sendable (ClosedRange<Double>) -> Double
    /// Waits; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Those of the machine, where nothing else is given.
    public init(
        now: @escaping @Sendable () -> Int64 = S3Surroundings.systemTime,
        random: @escaping @Sendable (ClosedRange<Double>) -> Double = { Double.random(in: $0) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.now = now
        self.random = random
        self.sleep = sleep
    }
}

/// What happened on the wire, for logs.
public struct S3Event: Sendable, Hashable, CustomStringConvertible {
    /// What was tried, as S3 calls it.
    public var operation: String
    /// The bucket's name, and the key behind a slash.
    public var resource: String
    /// Which try it was, from 1 on.
    public var attempt: Int
    /// The status of the answer, if there was one.
    public var status: Int?
    /// S3's own word for what is wrong, or why there was no answer.
    public var problem: String?
    /// What to tell those who run the service.
    public var requestID: String?
    /// How long until it is tried again; nil when it is not.
    public var retriesAfter: Duration?

    /// One line.
    public var description: String {
        var words = ["\(operation) \(resource):", status.map { "status \($0)" } ?? "no answer"]
        if let problem { words.append("(\(problem))") }
        if let requestID { words.append("request \(requestID)") }
        if let retriesAfter { words.append("try \(attempt), next in \(retriesAfter)") }
        return words.joined(separator: " ")
    }
}
