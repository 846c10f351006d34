internal import Glibc

/// What this process does when it is sent a signal.
///
/// A signal is caught by a handler that does nothing, rather than ignored: a program that is run later begins with the
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

    /// From here on `kinds` neither end nor stop this process. System calls that one interrupts go on, where they can.
    public static func outlive(_ kinds: Set<Kind>) throws(FileError) {
        for kind in kinds {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in }
            action.sa_flags = SA_RESTART
            try attempt("catch the signal", "\(kind)") { sigaction(kind.number, &action, nil) }
        }
    }
}
