internal import LinuxSystem
internal import Logging
internal import RollerCore
internal import ServiceLifecycle
internal import UnixSignals

/// What is read anew while the server runs, and what it is told by signals.
struct Upkeep: Sendable {
    let keeper: SnapshotKeeper
    let tokens: LiveTokens
    let tls: LiveTLS?
    let store: PackageStore
    let figures: StoreFigures
    let logger: Logger

    /// Reads the tokens and the certificate anew, where their files have changed.
    func renew() {
        tokens.renew(logger)
        tls?.renew(logger)
    }

    /// Reads everything anew, as SIGHUP asks for.
    func reload() async {
        renew()
        await keeper.look()
    }

    /// Counts what is in the store.
    func count() {
        do {
            try figures.update(store)
        } catch {
            logger.warning("cannot count the store", metadata: ["reason": "\(error.message)"])
        }
    }
}

/// Does what is to be done now and then.
struct UpkeepPoller: ServiceLifecycle.Service {
    let upkeep: Upkeep
    let interval: Duration
    let notifier: ServiceNotifier?

    /// How often the store is counted.
    private static let counting = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { tasks in
                tasks.addTask { await every(interval) { upkeep.renew() } }
                tasks.addTask {
                    upkeep.count()
                    await every(Self.counting) { upkeep.count() }
                }
                if let notifier, let limit = notifier.watchdog {
                    // Through the keeper: a server whose git thread hangs is not alive.
                    tasks.addTask {
                        await every(limit / 3) {
                            await upkeep.keeper.look()
                            notifier.tell("WATCHDOG=1")
                        }
                    }
                }
            }
        }
    }

    private func every(_ interval: Duration, _ work: () async -> Void) async {
        while true {
            do { try await Task.sleep(for: interval) } catch { return }  // asked to stop
            await work()
        }
    }
}
