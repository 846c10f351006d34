import Dispatch
import Glibc
import Synchronization
import Testing

/// A thread that is waited for.
final class PlainThread: Sendable {
    private final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let thread = Mutex<pthread_t?>(nil)

    func start(_ body: @escaping @Sendable () -> Void) throws {
        let job = Unmanaged.passRetained(Job(body))
        var started = pthread_t()
        let status = pthread_create(
            &started, nil,
            { job in
                if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body() }
                return nil
            }, job.toOpaque())
        try #require(status == 0)
        let result = started
        thread.withLock { $0 = result }
    }

    func join() {
        let started = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let started { pthread_join(started, nil) }
    }
}

/// Holds a thread until somebody opens it, once and for good.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    func wait() {
        semaphore.wait()
        semaphore.signal()  // stays open
    }
}
