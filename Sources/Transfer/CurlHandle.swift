internal import CLibCurl
internal import SystemPackage

/// Owns one easy and one multi handle. The multi handle keeps connections and looked-up names between exchanges.
struct CurlHandle: ~Copyable {
    let easy: UnsafeMutableRawPointer
    let multi: UnsafeMutableRawPointer
    /// Where libcurl writes what went wrong, CURL_ERROR_SIZE bytes.
    let errorText: UnsafeMutablePointer<CChar>

    /// Once in a process, which Swift's lazy globals see to.
    private static let global: CURLcode = shim_global_init()

    /// Takes ownership.
    private init(easy: UnsafeMutableRawPointer, multi: UnsafeMutableRawPointer) {
        self.easy = easy
        self.multi = multi
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        withoutBrokenPipeSignal {  // closing says goodbye to servers that may be gone
            curl_easy_cleanup(easy)
            curl_multi_cleanup(multi)
        }
        errorText.deallocate()
    }

    static func make() throws(TransferError) -> CurlHandle {
        guard global == CURLE_OK else {
            throw .other(code: Int(global.rawValue), text: String(cString: curl_easy_strerror(global)))
        }
        guard let easy = curl_easy_init() else { throw .outOfMemory }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw .outOfMemory
        }
        return CurlHandle(easy: easy, multi: multi)
    }

    /// Runs the exchange that was set up to its end, and says how libcurl sees that.
    /// - Returns: libcurl's verdict; when `exchange.failure` is set, that is the cause.
    mutating func run(_ exchange: Exchange, _ hooks: ExchangeHooks) throws(TransferError) -> CURLcode {
        try check(curl_multi_add_handle(multi, easy))
        hooks.cancellation?.begin(waking: multi)
        defer {
            hooks.cancellation?.end()
            curl_multi_remove_handle(multi, easy)
        }
        let started = ContinuousClock.now
        var stall = StallWatch(exchange.limits)
        var reported = TransferProgress(done: -1, total: nil)
        while true {
            if hooks.cancellation?.isCancelled == true { throw .cancelled }
            var running: Int32 = 0
            try check(curl_multi_perform(multi, &running))
            if let report = hooks.progress, exchange.hasHeaders || exchange.source != nil, exchange.progress != reported
            {
                reported = exchange.progress
                report(reported)
            }
            var left: Int32 = 0
            while let message = curl_multi_info_read(multi, &left) {
                if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
            }
            if running == 0 { return CURLE_GOT_NOTHING }
            if isConnected { try stall.look(moved: exchange.bytesMoved, at: started.duration(to: .now)) }
            try check(curl_multi_poll(multi, nil, 0, stall.patience(at: started.duration(to: .now)), nil))
        }
    }

    private func check(_ code: CURLMcode) throws(TransferError) {
        guard code == CURLM_OK else {
            throw .other(code: Int(code.rawValue), text: String(cString: curl_multi_strerror(code)))
        }
    }
}

/// What may be asked of an exchange while it runs.
struct ExchangeHooks: Sendable {
    var progress: (@Sendable (TransferProgress) -> Void)?
    var cancellation: TransferCancellation?
}

extension CurlHandle {
    func seconds(_ info: CURLINFO) -> Duration {
        var microseconds: curl_off_t = 0
        return shim_get_offset(easy, info, &microseconds) == CURLE_OK ? .microseconds(Int64(microseconds)) : .zero
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return shim_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    /// Whether a connection stands and the request is on its way.
    var isConnected: Bool { seconds(CURLINFO_PRETRANSFER_TIME_T) > .zero }

    var timing: TransferTiming {
        TransferTiming(
            nameLookup: seconds(CURLINFO_NAMELOOKUP_TIME_T),
            connect: max(seconds(CURLINFO_CONNECT_TIME_T), seconds(CURLINFO_APPCONNECT_TIME_T)),
            firstByte: seconds(CURLINFO_STARTTRANSFER_TIME_T), total: seconds(CURLINFO_TOTAL_TIME_T))
    }

    /// Turns what libcurl reports, read at once after the exchange, into our error.
    func error(_ code: CURLcode, _ exchange: Exchange, at url: RequestURL) -> TransferError {
        let detail = String(cString: errorText).onOneLine
        let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_URL_MALFORMAT: return .badURL(url: RequestURL.forDisplay(url.text), why: text)
        case CURLE_COULDNT_RESOLVE_HOST: return .nameLookup(host: url.host)
        case CURLE_COULDNT_RESOLVE_PROXY: return .nameLookup(host: "the proxy")
        case CURLE_COULDNT_CONNECT:
            let errno = Errno(rawValue: CInt(truncatingIfNeeded: number(CURLINFO_OS_ERRNO)))
            if errno == .connectionRefused { return .connectionRefused(host: url.host) }
            return .unreachable(host: url.host, errno.rawValue == 0 ? nil : errno)
        case CURLE_OPERATION_TIMEDOUT:
            let elapsed = seconds(CURLINFO_TOTAL_TIME_T)
            if let total = exchange.limits.total, isConnected || elapsed >= total {
                return .timedOut(.whole, after: total)
            }
            return .timedOut(.connect, after: exchange.limits.connect)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return .untrusted(host: url.host, reason: text)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            return .tls(host: url.host, reason: text)
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE:
            return .tlsFiles(reason: text)
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            return .cut(received: exchange.received.done, expected: exchange.received.total)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_RANGE_ERROR:
            return .malformedResponse(text)
        case CURLE_OUT_OF_MEMORY where isConnected:
            // libcurl's word for a header line or trailer past its own bound of 100 or 64 KiB.
            return .tooLarge(.headers, limit: Int64(exchange.limits.maxHeaderBytes))
        default: return .other(code: Int(code.rawValue), text: text)
        }
    }
}

extension TransferError {
    static var outOfMemory: TransferError { .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), text: "out of memory") }
}
