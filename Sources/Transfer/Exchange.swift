internal import SystemPackage

/// What libcurl's callbacks read and write during one exchange. Lives on the thread that performs it.
final class Exchange {
    /// Where the body of an answer with status 2xx goes.
    private enum Sink {
        case undecided
        case memory(limit: Int64, isError: Bool)
        case file(DownloadTarget, limit: Int64)
    }

    let limits: TransferLimits
    let source: BodySource?
    private let isHead: Bool
    private let download: DownloadTarget?

    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    private(set) var body: [UInt8] = []
    private(set) var isBodyCut = false
    /// Bytes of body that arrived in this exchange.
    private(set) var bodyBytes: Int64 = 0
    /// Bytes of headers that arrived.
    private(set) var headerBytes: Int64 = 0
    /// Why a callback stopped the exchange.
    private(set) var failure: TransferError?
    private var isInHeaders = false
    private var sink = Sink.undecided

    init(limits: TransferLimits, source: BodySource?, isHead: Bool, target: DownloadTarget?) {
        self.limits = limits
        self.source = source
        self.isHead = isHead
        download = target
    }

    /// Bytes moved in both directions: what the stall limit looks at.
    var bytesMoved: Int64 { bodyBytes + headerBytes + (source?.position ?? 0) }

    /// The size that the answer's headers announce.
    var announcedSize: Int64? {
        guard headers["Transfer-Encoding"] == nil else { return nil }
        return headers["Content-Length"].flatMap { Int64($0) }
    }

    /// Whether all headers of the final answer came.
    var hasHeaders: Bool { status >= 200 && !isInHeaders }

    /// How far the body has come that this exchange is about: the one sent, or else the one received.
    var progress: TransferProgress {
        if let source { return TransferProgress(done: source.position, total: source.size) }
        return received
    }

    /// How far the answer's body has come.
    var received: TransferProgress {
        if case .file(let download, _) = sink {
            return TransferProgress(done: download.file.size, total: download.total)
        }
        return TransferProgress(done: bodyBytes, total: hasHeaders ? announcedSize : nil)
    }

    /// Runs `work`, and keeps its error for after libcurl has returned. False stops the exchange.
    func keepingFailure(_ work: () throws(TransferError) -> Bool) -> Bool {
        guard failure == nil else { return false }
        do throws(TransferError) {
            return try work()
        } catch {
            failure = error
            return false
        }
    }
}

// MARK: Headers

extension Exchange {
    /// One line of a header block, its end included; a status line, a field, the empty line or a trailer.
    func receive(headerLine line: UnsafeRawBufferPointer) throws(TransferError) -> Bool {
        headerBytes += Int64(line.count)
        if headerBytes > limits.maxHeaderBytes { throw .tooLarge(.headers, limit: Int64(limits.maxHeaderBytes)) }
        if !isInHeaders {
            // Trailers come here too. They are no status lines, and no part of what the body was judged by.
            guard line.starts(with: "HTTP/".utf8), canBeginAnew else { return true }
            (isInHeaders, headers, sink, body) = (true, HTTPHeaders(), .undecided, [])
            status = try Exchange.status(in: line)
            return true
        }
        if line.allSatisfy({ $0 == 0x0d || $0 == 0x0a }) {
            isInHeaders = false
            return status < 200 ? true : try decide()
        }
        guard let field = HTTPHeaders.field(in: line) else { throw .malformedResponse("a header line has no name") }
        headers.append(name: field.name, value: field.value)
        return true
    }

    /// Whether another answer may follow: after 1xx, and after a 417, upon which libcurl asks again without Expect.
    private var canBeginAnew: Bool {
        if case .memory(_, isError: true) = sink { return true }
        return bodyBytes == 0
    }

    /// The number in `HTTP/1.1 200 OK`. libcurl has read it too, but trailers could make it read another.
    private static func status(in line: UnsafeRawBufferPointer) throws(TransferError) -> Int {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        let end: (UInt8) -> Bool = { $0 == 0x0d || $0 == 0x0a }
        guard words.count > 1, case let digits = words[1].prefix(while: { !end($0) }), digits.count == 3,
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .malformedResponse("it has no status") }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// All headers are there: says where the body goes, before its first byte.
    private func decide() throws(TransferError) -> Bool {
        try checkFraming()
        let isSuccess = (200...299).contains(status)
        let bound: Int64?
        if let download, isSuccess || status == 416 && download.file.size > 0 {
            guard let expected = try download.begin(status: status, headers: headers, announced: announcedSize) else {
                sink = .memory(limit: limits.maxErrorBodyBytes, isError: true)
                return true
            }
            sink = .file(download, limit: expected.limit)
            bound = expected.isExact ? expected.limit : nil
        } else if isSuccess {
            sink = .memory(limit: limits.maxBodyBytes, isError: false)
            if let announcedSize, announcedSize > limits.maxBodyBytes, !isHead {
                throw .tooLarge(.body, limit: limits.maxBodyBytes)
            }
            bound = nil
        } else {
            sink = .memory(limit: limits.maxErrorBodyBytes, isError: true)
            return true
        }
        // Without a length a cut would pass for the end.
        if bound == nil, !isHead, status != 204, headers["Content-Length"] == nil,
            headers["Transfer-Encoding"] == nil
        {
            throw .malformedResponse("it does not say where its body ends")
        }
        return true
    }
}

extension Exchange {
    /// libcurl reads on to the end of the connection when it cannot read the length; to us that is no answer.
    private func checkFraming() throws(TransferError) {
        let lengths = Set(headers.values(for: "Content-Length"))
        if lengths.count > 1 { throw .malformedResponse("it has two lengths") }
        if let length = lengths.first, !length.isNumber || Int64(length) == nil {
            throw .malformedResponse("Content-Length '\(length.onOneLine)'")
        }
        for coding in headers.values(for: "Transfer-Encoding") where !coding.equalsIgnoringASCIICase("chunked") {
            throw .malformedResponse("Transfer-Encoding '\(coding.onOneLine)'")
        }
    }
}

extension StringProtocol {
    /// One or more digits and nothing else: no sign, which `Int64` would take.
    var isNumber: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}

// MARK: Body

extension Exchange {
    func receive(body bytes: UnsafeRawBufferPointer) throws(TransferError) -> Bool {
        bodyBytes += Int64(bytes.count)
        switch sink {
        case .undecided: throw .malformedResponse("its body comes before its headers")
        case .memory(let limit, let isError):
            let room = max(0, limit - Int64(body.count))
            if Int64(bytes.count) <= room {
                body.append(contentsOf: bytes)
                return true
            }
            guard isError else { throw .tooLarge(.body, limit: limit) }
            body.append(contentsOf: bytes.prefix(Int(room)))
            isBodyCut = true
            return false
        case .file(let download, let limit):
            guard Int64(bytes.count) <= limit - download.file.size else {
                // What came is not what was asked for: nothing of it may be resumed.
                try download.discard()
                throw .tooLarge(.body, limit: limit)
            }
            try download.file.append(bytes)
            return true
        }
    }
}

// MARK: Sending

extension Exchange {
    /// Fills `buffer` with what is sent next; zero at the end, nil to stop the exchange.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        var count = 0
        let goesOn = keepingFailure { () throws(TransferError) in
            count = try source?.read(into: buffer) ?? 0
            return true
        }
        return goesOn ? count : nil
    }
}
