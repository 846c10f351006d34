import Glibc

/// Decompresses on a thread of its own, a few blocks ahead of the reader, who hashes and writes meanwhile.
final class Prefetcher: BlockSource {
    private let shared: Shared
    private let thread: pthread_t
    private var holdsSlot = false
    private(set) var archiveBytes: Int64 = 0

    /// Takes `source` over: from here only the thread uses it.
    /// - Returns: Nil when there is no thread to be had; `source` can then be used as before.
    static func start(_ source: Decompressor) -> Prefetcher? {
        let shared = Shared(source)
        let context = Unmanaged.passRetained(shared)
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, Prefetcher.body, context.toOpaque())
        guard failure == 0 else {
            context.release()
            return nil
        }
        return Prefetcher(shared, thread)
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        if let context { Unmanaged<Shared>.fromOpaque(context).takeRetainedValue().fill() }
        return nil
    }

    private init(_ shared: Shared, _ thread: pthread_t) {
        self.shared = shared
        self.thread = thread
    }

    deinit {
        shared.cancel()
        pthread_join(thread, nil)
    }

    func next() throws(TarballError) -> UnsafeRawBufferPointer? {
        if holdsSlot { shared.release() }
        holdsSlot = false
        let (block, archiveBytes) = try shared.take()
        self.archiveBytes = archiveBytes
        holdsSlot = block != nil
        return block
    }
}

/// A ring of blocks between two threads.
///
/// Why `@unchecked`: `source` is used by the filling thread alone, between its start and its end. `state` is touched only
/// with the mutex held. The memory of a slot belongs to the filling thread while the slot is not among the filled ones,
/// and to the reader from there until it releases it. The pointers themselves never change.
private final class Shared: @unchecked Sendable {
    private static let slotCount = 8
    private static let slotSize = 128 << 10  // what zstd hands out at once

    private struct State {
        var filled = 0
        var first = 0
        var sizes = [Int](repeating: 0, count: slotCount)
        var archiveBytes: Int64 = 0
        var end: Result<Void, TarballError>?
        var isCancelled = false
    }

    private let source: Decompressor
    private let slots = UnsafeMutableRawBufferPointer.allocate(byteCount: slotCount * slotSize, alignment: 16)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state = State()

    init(_ source: Decompressor) {
        self.source = source
        // With default attributes neither fails on Linux, nor do locking and waiting below.
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
        slots.deallocate()
    }

    /// Waits until `body` returns a value.
    private func wait<Value>(_ body: (inout State) -> Value?) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let value = body(&state) { return value }
            pthread_cond_wait(changed, mutex)
        }
    }

    private func change(_ body: (inout State) -> Void) {
        pthread_mutex_lock(mutex)
        body(&state)
        pthread_cond_signal(changed)  // there are two threads, so that at most one waits
        pthread_mutex_unlock(mutex)
    }

    private func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
        let start = index % Shared.slotCount * Shared.slotSize
        return UnsafeMutableRawBufferPointer(rebasing: slots[start..<(start + Shared.slotSize)])
    }

    /// The filling thread: until the end, a failure, or nobody wants more.
    func fill() {
        do throws(TarballError) {
            while let block = try source.next() {
                var rest = block[...]
                while !rest.isEmpty {
                    let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Shared.slotSize))
                    rest = rest.dropFirst(part.count)
                    guard put(part) else { return }
                }
            }
            let archiveBytes = source.archiveBytes
            change { state in
                state.archiveBytes = archiveBytes
                state.end = .success(())
            }
        } catch {
            change { $0.end = .failure(error) }
        }
    }

    private func put(_ part: UnsafeRawBufferPointer) -> Bool {
        let index = wait { state in
            state.isCancelled || state.filled < Shared.slotCount ? state.first + state.filled : nil
        }
        guard !isCancelled else { return false }
        slot(index).copyMemory(from: part)
        let archiveBytes = source.archiveBytes
        change { state in
            state.sizes[index % Shared.slotCount] = part.count
            state.archiveBytes = archiveBytes
            state.filled += 1
        }
        return true
    }

    /// The oldest filled slot, or nil at the end; what was filled before a failure comes first.
    func take() throws(TarballError) -> (UnsafeRawBufferPointer?, archiveBytes: Int64) {
        let taken: Result<(UnsafeRawBufferPointer?, archiveBytes: Int64), TarballError> = wait { state in
            if state.filled > 0 {
                let bytes = slot(state.first)[..<state.sizes[state.first % Shared.slotCount]]
                return .success((UnsafeRawBufferPointer(rebasing: bytes), state.archiveBytes))
            }
            return state.end?.map { (nil, state.archiveBytes) }
        }
        return try taken.get()
    }

    /// Gives back the slot that `take` returned.
    func release() {
        change { state in
            state.first += 1
            state.filled -= 1
        }
    }

    private var isCancelled: Bool { wait { $0.isCancelled } }

    func cancel() { change { $0.isCancelled = true } }
}
