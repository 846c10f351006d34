internal import Synchronization
internal import Transfer

/// What came of one try.
enum Attempt<Success: Sendable>: Sendable {
    case success(Success, HTTPResponse?)
    /// An answer that is no success.
    case answer(HTTPResponse)
}

extension S3Bucket {
    /// Sends `call`, again and again where that may help, and returns its answer with status 2xx.
    func send(_ call: S3Call) async throws(S3Error) -> HTTPResponse {
        try await perform(call) { client, request async throws(TransferError) in
            let response = try await client.send(request)
            return response.isSuccess ? .success(response, response) : .answer(response)
        }
    }

    /// Tries `call` by `work` until it succeeds or there is no sense in going on.
    func perform<Success: Sendable>(
        _ call: S3Call,
        _ work: @Sendable (HTTPClient, HTTPRequest) async throws(TransferError) -> Attempt<Success>
    ) async throws(S3Error) -> Success {
        var attempt = 0
        var waited = Duration.zero
        var adjustedClock = false
        var renewedCredentials = false
        while true {
            attempt += 1
            var failure: S3Error
            var retryAfter: Duration?
            let credentials: S3Credentials
            do throws(CredentialError) {
                credentials = try await self.credentials.current()
            } catch {
                throw self.error(.credentials(error), call)
            }
            do throws(TransferError) {
                let request = signed(call, by: credentials)
                let outcome = try await pool.withClient { client async throws(TransferError) in
                    try await work(client, request)
                }
                switch outcome {
                case .success(let value, let response):
                    budget.succeeded()
                    report(call, attempt, status: response?.status, problem: nil, response?.headers)
                    return value
                case .answer(let response):
                    failure = refusal(response, call, by: credentials)
                    retryAfter = response.headers.retryAfter(now: options.surroundings.now())
                }
            } catch {
                failure = self.error(S3Error.Reason(error), call)
            }
            failure.attempts = attempt
            if case .clockSkew(let ahead?) = failure.reason, !adjustedClock {
                adjustedClock = true
                clockOffset.withLock { $0 = -ahead.wholeSeconds }
                report(call, attempt, failure, retriesAfter: .zero)
                continue
            }
            if case .expiredToken = failure.reason, !renewedCredentials {
                renewedCredentials = true
                await self.credentials.forget(credentials)
                report(call, attempt, failure, retriesAfter: .zero)
                continue
            }
            let delay = options.retries.delay(
                attempt: attempt, retryAfter: retryAfter, random: options.surroundings.random)
            guard failure.isTransient || failure.code == "ConditionalRequestConflict",
                attempt < options.retries.attempts, waited + delay <= options.longestWait, budget.take()
            else {
                report(call, attempt, failure, retriesAfter: nil)
                throw failure
            }
            waited += delay
            report(call, attempt, failure, retriesAfter: delay)
            do { try await options.surroundings.sleep(delay) } catch { throw self.error(.cancelled, call) }
        }
    }

    private func report(_ call: S3Call, _ attempt: Int, _ failure: S3Error, retriesAfter: Duration?) {
        guard let onEvent = options.onEvent else { return }
        let problem: String? = if case .transfer(let error) = failure.reason { error.message } else { failure.code }
        onEvent(
            S3Event(
                operation: call.operation, resource: resource(call.key), attempt: attempt, status: failure.status,
                problem: problem, requestID: failure.requestID, retriesAfter: retriesAfter))
    }

    private func report(
        _ call: S3Call, _ attempt: Int, status: Int?, problem: String?, _ headers: HTTPHeaders?
    ) {
        options.onEvent?(
            S3Event(
                operation: call.operation, resource: resource(call.key), attempt: attempt, status: status,
                problem: problem, requestID: headers?["x-amz-request-id"]?.shortened, retriesAfter: nil))
    }
}
