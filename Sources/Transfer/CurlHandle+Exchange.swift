internal import CLibCurl

extension CurlHandle {
    /// Sends `request`; a body with status 2xx goes to `target`, if there is one.
    mutating func send(
        _ request: HTTPRequest, _ options: TransferOptions, to target: DownloadTarget?, _ hooks: ExchangeHooks
    ) throws(TransferError) -> HTTPResponse {
        try request.check()
        let url = try RequestURL(request.url)
        let exchange = Exchange(
            limits: request.limits ?? options.limits, source: try BodySource(request.body),
            isHead: request.method == .head, target: target)
        let headers = try CurlList.headers(of: request)
        let resolutions = try CurlList.resolutions(options)
        defer {
            curl_easy_reset(easy)  // no pointer to what dies here stays behind
            withExtendedLifetime(exchange) {}
            withExtendedLifetime(headers) {}
            withExtendedLifetime(resolutions) {}
        }
        try setUp(request, at: url, options, exchange, headers: headers, resolutions: resolutions)
        let code = try withoutBrokenPipeSignal { () throws(TransferError) in try run(exchange, hooks) }
        if let failure = exchange.failure { throw failure }
        guard code == CURLE_OK || code == CURLE_WRITE_ERROR && exchange.isBodyCut else {
            throw error(code, exchange, at: url)
        }
        guard exchange.hasHeaders else { throw .malformedResponse("it has no status") }
        return HTTPResponse(
            status: exchange.status, headers: exchange.headers, body: exchange.body, isBodyCut: exchange.isBodyCut,
            url: request.url, timing: timing, bytesReceived: exchange.bodyBytes)
    }

    /// Fills a partial file; see `HTTPClient.download`.
    mutating func download(
        _ request: HTTPRequest, _ options: TransferOptions, _ order: DownloadOrder, _ hooks: ExchangeHooks
    ) throws(TransferError) -> DownloadResult {
        guard request.method == .get else { throw .badRequest("a download is a GET") }
        for name in ["Range", "If-Range"] where request.sets(name) { throw .badHeader(name: name, .reserved) }
        let file = try PartialFile(at: order.file)
        let etag = try order.etag(of: file)
        var offset = etag == nil ? 0 : file.sizeAtOpening
        if let expected = order.expectedSize, offset > expected { offset = 0 }
        try file.adopt(upTo: offset, unless: hooks.cancellation)
        if offset > 0, offset == order.expectedSize { return try .complete(file.finish(from: offset, nil)) }
        let maxBytes = (request.limits ?? options.limits).maxBodyBytes
        while true {
            var ranged = request
            if file.size > 0, let etag {
                ranged.headers += [(name: "Range", value: "bytes=\(file.size)-"), (name: "If-Range", value: etag)]
            }
            let target = DownloadTarget(
                file: file, etag: file.size > 0 ? etag : nil, expectedSize: order.expectedSize, maxBytes: maxBytes)
            let response = try send(ranged, options, to: target, hooks)
            switch target.outcome {
            case .none: return .declined(response)
            case .alreadyWhole: return try .complete(file.finish(from: file.size, response))
            case .writing(let start):
                if let total = target.total, file.size != total { throw .cut(received: file.size, expected: total) }
                return try .complete(file.finish(from: start, response))
            case .noSuchRange: try target.discard()  // then the next request asks for no range, and comes to an end
            }
        }
    }
}

extension PartialFile {
    fileprivate func finish(from start: Int64, _ response: HTTPResponse?) throws(TransferError) -> Download {
        try forgetETag()
        return Download(response: response, size: size, sha256: digest, resumedFrom: start)
    }
}
