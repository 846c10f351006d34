internal import Glibc
internal import Synchronization

/// What this process does when it is sent a signal.
///
/// A signal is caught by a handler that only notes it, rather than ignored: a program that is run later begins with the
/// default for each caught signal, and would inherit an ignored one (execve(2)).
public enum Signals {
    /// A signal that ends a process which does not expect it.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// The terminal's interrupt key.
        case interrupt
        /// Asked to end, by kill(1) or at shutdown.
        case terminate
        /// The terminal is gone.
        case hangUp
        /// The terminal's key to suspend.
        case suspend
        /// Nobody reads any more what was written.
        case brokenPipe
        /// A write would make a file larger than this process may; the write fails too (EFBIG).
        case fileSizeLimit

        var number: CInt {
            switch self {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangUp: SIGHUP
            case .suspend: SIGTSTP
            case .brokenPipe: SIGPIPE
            case .fileSizeLimit: SIGXFSZ
            }
        }
    }

    /// Those of `kinds` that were caught, since they were first outlived; but for what this process was told to ignore when it
    /// began, as nohup(1) does.
    public static func caught(of kinds: Set<Kind>) -> Set<Kind> {
        let mask = caughtSignals.load(ordering: .relaxed) & ~ignoredSignals.load(ordering: .relaxed)
        return kinds.filter { mask & 1 << UInt64($0.number) != 0 }
    }

    /// From here on `kinds` neither end nor stop this process. System calls that one interrupts go on, where they can.
    public static func outlive(_ kinds: Set<Kind>) throws(FileError) {
        // Made before a handler needs it: making it there would not be safe (signal-safety(7)).
        _ = caughtSignals.load(ordering: .relaxed)
        for kind in kinds {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                caughtSignals.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
            }
            action.sa_flags = SA_RESTART
            var before = sigaction()
            try attempt("catch the signal", "\(kind)") { sigaction(kind.number, &action, &before) }
            // SIG_IGN is 1, and no address of a function (signal.h); Swift has no name for it.
            if unsafeBitCast(before.__sigaction_handler.sa_handler, to: UInt.self) == 1 {
                ignoredSignals.bitwiseOr(1 << UInt64(kind.number), ordering: .relaxed)
            }
        }
    }
}

/// The signals that were caught, a bit each: all that a handler may safely touch.
private let caughtSignals = Atomic<UInt64>(0)
/// Those that were ignored before they were caught.
private let ignoredSignals = Atomic<UInt64>(0)
