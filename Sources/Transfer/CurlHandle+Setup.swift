internal import CLibCurl
internal import SystemPackage

extension CurlHandle {
    /// Forgets the last exchange's options (not its connection) and sets those of the next one.
    mutating func setUp(
        _ request: HTTPRequest, at url: RequestURL, _ options: TransferOptions, _ exchange: Exchange,
        headers: borrowing CurlList, resolutions: borrowing CurlList
    ) throws(TransferError) {
        curl_easy_reset(easy)
        errorText.pointee = 0
        try check(shim_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        try set(CURLOPT_URL, url.text)
        try setManners(options)
        try setLimits(exchange.limits)
        if url.isTLS { try setTrust(options) }
        try check(shim_set_list(easy, CURLOPT_HTTPHEADER, headers.first))
        try check(shim_set_list(easy, CURLOPT_RESOLVE, resolutions.first))
        try setMethod(request.method, exchange.source)
        try setCallbacks(exchange)
    }

    private func setManners(_ options: TransferOptions) throws(TransferError) {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_PATH_AS_IS, 1)  // a signature covers the path as written
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_NOPROGRESS, 1)
        try set(CURLOPT_QUICK_EXIT, 1)  // a resolver that hangs must not outlast the connect limit
        try set(CURLOPT_BUFFERSIZE, 256 << 10)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        try set(CURLOPT_DNS_CACHE_TIMEOUT, options.nameCache.map { Int(clamping: $0.components.seconds) } ?? -1)
        try set(CURLOPT_USERAGENT, options.userAgent)
        let family =
            switch options.addressFamily {
            case .any: CURL_IPRESOLVE_WHATEVER
            case .ipv4: CURL_IPRESOLVE_V4
            case .ipv6: CURL_IPRESOLVE_V6
            }
        try set(CURLOPT_IPRESOLVE, Int(family))
        switch options.proxy {
        case .environment: break
        case .direct: try set(CURLOPT_PROXY, "")
        case .url(let url): try set(CURLOPT_PROXY, url)
        }
    }

    private func setLimits(_ limits: TransferLimits) throws(TransferError) {
        try set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect.wholeMilliseconds)
        if let total = limits.total { try set(CURLOPT_TIMEOUT_MS, total.wholeMilliseconds) }
        if let rate = limits.maxBytesPerSecond {
            try check(shim_set_offset(easy, CURLOPT_MAX_RECV_SPEED_LARGE, curl_off_t(max(1, rate))))
            try check(shim_set_offset(easy, CURLOPT_MAX_SEND_SPEED_LARGE, curl_off_t(max(1, rate))))
        }
    }

    private func setTrust(_ options: TransferOptions) throws(TransferError) {
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Both, whatever libcurl was built with: else its own directory of authorities is trusted as well.
        let trusted =
            if let caFile = options.caFile { SystemAuthorities(file: caFile) } else { try SystemAuthorities.current() }
        try set(CURLOPT_CAINFO, trusted.file?.string)
        try set(CURLOPT_CAPATH, trusted.directory?.string)
        if let pair = options.clientCertificate {
            try set(CURLOPT_SSLCERT, pair.certificate.string)
            try set(CURLOPT_SSLKEY, pair.key.string)
        }
    }

    private func setMethod(_ method: HTTPRequest.Method, _ source: BodySource?) throws(TransferError) {
        let size = curl_off_t(source?.size ?? 0)
        switch method {
        case .get: try set(CURLOPT_HTTPGET, 1)
        case .head: try set(CURLOPT_NOBODY, 1)
        case .put:
            try set(CURLOPT_UPLOAD, 1)
            try check(shim_set_offset(easy, CURLOPT_INFILESIZE_LARGE, size))
        case .post:
            try set(CURLOPT_POST, 1)
            try check(shim_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, size))
        case .delete:
            if source != nil {
                try set(CURLOPT_UPLOAD, 1)
                try check(shim_set_offset(easy, CURLOPT_INFILESIZE_LARGE, size))
            }
            try set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    /// The callbacks get `exchange` unretained: whoever calls `run` keeps it alive until that returns.
    private func setCallbacks(_ exchange: Exchange) throws(TransferError) {
        let context = Unmanaged.passUnretained(exchange).toOpaque()
        try check(
            shim_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
                let goesOn = exchange.keepingFailure { () throws(TransferError) in try exchange.receive(body: body) }
                return goesOn ? body.count : 0
            })
        try check(shim_set_pointer(easy, CURLOPT_WRITEDATA, context))
        try check(
            shim_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                let goesOn = exchange.keepingFailure { () throws(TransferError) in
                    try exchange.receive(headerLine: line)
                }
                return goesOn ? line.count : 0
            })
        try check(shim_set_pointer(easy, CURLOPT_HEADERDATA, context))
        guard exchange.source != nil else { return }
        try check(
            shim_set_read(easy, CURLOPT_READFUNCTION) { buffer, size, count, context in
                guard let buffer, let context else { return shim_read_abort() }
                let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                return exchange.send(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
                    ?? shim_read_abort()
            })
        try check(shim_set_pointer(easy, CURLOPT_READDATA, context))
        try check(
            shim_set_seek(easy, CURLOPT_SEEKFUNCTION) { context, offset, origin in
                guard let context, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
                let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
                return exchange.source?.seek(to: Int64(offset)) == true ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
            })
        try check(shim_set_pointer(easy, CURLOPT_SEEKDATA, context))
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
        try check(shim_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String?) throws(TransferError) {
        try check(shim_set_text(easy, option, value))
    }

    private func check(_ code: CURLcode) throws(TransferError) {
        guard code == CURLE_OK else {
            throw .other(code: Int(code.rawValue), text: String(cString: curl_easy_strerror(code)))
        }
    }
}

/// Owns a list of lines for libcurl.
struct CurlList: ~Copyable {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    deinit { curl_slist_free_all(first) }

    mutating func append(_ line: String) throws(TransferError) {
        guard let longer = curl_slist_append(first, line) else { throw .outOfMemory }
        first = longer
    }

    /// The caller's headers, and those that keep libcurl from adding its own.
    static func headers(of request: HTTPRequest) throws(TransferError) -> CurlList {
        var list = CurlList()
        for header in request.headers {
            // In libcurl's lists "Name:" takes a header away and "Name;" sends one without a value.
            let isEmpty = header.value.allSatisfy { $0 == " " || $0 == "\t" }
            try list.append(isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        if !request.sets("Content-Type"), request.method == .post { try list.append("Content-Type:") }
        if !request.sets("Expect") {
            switch request.body {
            case .file, .fileRange: try list.append("Expect: 100-continue")
            case .none, .bytes: try list.append("Expect:")
            }
        }
        return list
    }

    static func resolutions(_ options: TransferOptions) throws(TransferError) -> CurlList {
        var list = CurlList()
        for entry in options.resolutions {
            try list.append("\(entry.host):\(entry.port):\(entry.addresses.joined(separator: ","))")
        }
        return list
    }
}

extension Duration {
    /// At least one: to libcurl, none means no limit.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let clamped = min(max(seconds, 0), 30 * 24 * 3600)
        return max(1, Int(clamped) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
