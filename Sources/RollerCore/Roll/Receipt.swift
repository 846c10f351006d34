/// What a roll did, as a record: printed by `--json`, kept on the host, sent to the server.
public struct Receipt: Hashable, Sendable, Codable {
    /// The format of receipts that this program writes and reads.
    public static let currentFormat = 1

    /// Which format it is in. What has another meaning gets another number; what is new gets a new key.
    public var format = Receipt.currentFormat
    /// The version of the program that wrote it.
    public var version: String?
    /// The roll's name.
    public var id: String
    /// The host.
    public var host: HostName?
    /// How it ended.
    public var exit: RollExit
    /// Whether the host's tree or services changed.
    public var changed: Bool
    /// When it began, in seconds since 1970.
    public var started: Int
    /// How long it took, in milliseconds.
    public var milliseconds: Int64
    /// The generation that was live before.
    public var from: Generation?
    /// The generation that is live now.
    public var to: Generation?
    /// The class and release asked for.
    public var release: ReleaseReference?
    /// The commit that the server served.
    public var revision: Revision?
    /// The bundle's digest.
    public var bundle: Digest?
    /// How many paths were added, changed and removed.
    public var paths: PathCounts?
    /// What happened to services.
    public var services: [ServiceReceipt] = []
    /// From the end of the last stop to the beginning of the first start, in microseconds: what roll itself adds to the
    /// time that services are away.
    public var stopToStartMicroseconds: Int64?
    /// How long the class allows its services to be away, in milliseconds.
    public var downtimeBudgetMilliseconds: Int64?
    /// Whether some service was away for longer than that; nil where there is no budget.
    public var isOverBudget: Bool?
    /// Processes that still use trees other than the live one, the first hundred: they have to be restarted, some time.
    public var restartDebt: [RestartDebt]?
    /// How long each step took.
    public var steps: [StepTime] = []
    /// What went wrong.
    public var failure: String?
    /// Whether it went wrong because the bundle had been rolled back from before: nothing was tried again.
    public var wasRejected: Bool?
    /// The release that the host stands on now.
    public var applied: ReleaseReference?
    /// Until when the host is held, in seconds since 1970; nil where it is not, or without an end.
    public var heldUntil: Int?
    /// Why the host is held; nil where it is not.
    public var heldReason: String?
    /// The boot of the host that it happened in: `/proc/sys/kernel/random/boot_id`.
    public var bootID: String?

    /// Numbers of paths.
    public struct PathCounts: Hashable, Sendable, Codable {
        /// Only in the next generation.
        public let added: Int
        /// Other in the next generation.
        public let changed: Int
        /// Only in the previous generation.
        public let removed: Int

        /// The numbers of some changes.
        public init(_ changes: TreeChanges) {
            added = changes.added.count
            changed = changes.changed.count
            removed = changes.removed.count
        }
    }

    /// One service in a roll.
    public struct ServiceReceipt: Hashable, Sendable, Codable {
        /// Which.
        public let name: ServiceName
        /// What happened to it.
        public let action: ServiceChange.Action
        /// Why.
        public let reason: String
        /// From the beginning of its stop to the first check it passed, in milliseconds.
        /// Nil where it was not away, or was ill before: then nobody knows since when.
        public let downMilliseconds: Int64?
        /// How long it was likely to be away, by earlier rolls, in milliseconds.
        public var expectedMilliseconds: Int64?
        /// Whether it passed its checks before the roll; nil where it has none, or was not there.
        public var wasHealthy: Bool?
        /// What went wrong with it, as its supervisor has it; nil where nothing did.
        public var result: String?
        /// The last lines that it wrote, where something went wrong.
        public var log: [String]?

        /// A service and what happened to it.
        public init(name: ServiceName, action: ServiceChange.Action, reason: String, downMilliseconds: Int64?) {
            self.name = name
            self.action = action
            self.reason = reason
            self.downMilliseconds = downMilliseconds
        }
    }

    /// A process that uses a tree which is not live any more.
    public struct RestartDebt: Hashable, Sendable, Codable {
        /// Its number.
        public let process: Int32
        /// Its program's name.
        public let name: String
        /// The generations that it uses.
        public let generations: [Int]

        /// A process and what it uses.
        public init(process: Int32, name: String, generations: [Int]) {
            self.process = process
            self.name = name
            self.generations = generations
        }
    }

    /// One step and its time.
    public struct StepTime: Hashable, Sendable, Codable {
        /// Which step; those of going back begin with `undo-`.
        public let step: String
        /// How long it took, in milliseconds.
        public let milliseconds: Int64

        /// A step and its time.
        public init(step: String, milliseconds: Int64) {
            self.step = step
            self.milliseconds = milliseconds
        }
    }

    /// When it ended, in seconds since 1970.
    public var ended: Int { started + Int(milliseconds / 1000) }

    /// The beginning of a receipt.
    public init(id: String, started: Int) {
        self.id = id
        self.started = started
        exit = .unexpected
        changed = false
        milliseconds = 0
    }
}
