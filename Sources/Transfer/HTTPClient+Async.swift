internal import Glibc
public import SystemPackage

// The same calls for tasks: each runs on a thread of its own, so that none of the cooperative pool is held up, and ends
// when its task is cancelled.

extension HTTPClient {
    /// As the blocking `send`, from a task. Cancelling the task ends the exchange with `.cancelled`.
    public func send(
        _ request: HTTPRequest, progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws(TransferError) -> HTTPResponse {
        try await onOwnThread { cancellation throws(TransferError) in
            try self.send(request, progress: progress, cancellation: cancellation)
        }
    }

    /// As the blocking `upload`, from a task. Cancelling the task ends the exchange with `.cancelled`.
    public func upload(
        _ file: FilePath, to url: String, headers: [(name: String, value: String)] = [], limits: TransferLimits? = nil,
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws(TransferError) -> HTTPResponse {
        let request = HTTPRequest(url: url, method: .put, headers: headers, body: .file(file), limits: limits)
        return try await send(request, progress: progress)
    }

    /// As the blocking `download`, from a task. Cancelling the task ends it with `.cancelled`; what came stays.
    public func download(
        _ request: HTTPRequest, to file: FilePath, expectedSize: Int64? = nil, resume: Resumption = .startOver,
        progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) async throws(TransferError) -> DownloadResult {
        try await onOwnThread { cancellation throws(TransferError) in
            try self.download(
                request, to: file, expectedSize: expectedSize, resume: resume, progress: progress,
                cancellation: cancellation)
        }
    }
}

/// Runs `work` on a thread of its own, and tells it when this task is cancelled.
func onOwnThread<Success: Sendable>(
    _ work: @escaping @Sendable (TransferCancellation) throws(TransferError) -> Success
) async throws(TransferError) -> Success {
    let cancellation = TransferCancellation()
    let result = await withTaskCancellationHandler {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result<Success, TransferError>, Never>) in
            let errno = startThread {
                continuation.resume(
                    returning: Result { () throws(TransferError) in try work(cancellation) })
            }
            if errno != 0 {
                continuation.resume(returning: .failure(.other(code: 0, text: "no thread: \(Errno(rawValue: errno))")))
            }
        }
    } onCancel: {
        cancellation.cancel()
    }
    return try result.get()
}

/// Runs `body` on a new detached thread. Returns the error number when there is none to be had, and then never runs it.
private func startThread(_ body: @escaping @Sendable () -> Void) -> CInt {
    final class Job {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
    let job = Unmanaged.passRetained(Job(body))
    var thread = pthread_t()
    let status = pthread_create(
        &thread, &attributes,
        { job in
            if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body() }
            return nil
        }, job.toOpaque())
    if status != 0 { job.release() }
    return status
}
