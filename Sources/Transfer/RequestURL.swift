internal import CLibCurl

/// A URL that may be asked for, and what to call its server.
struct RequestURL {
    let text: String
    /// Host and port as the URL has them, for messages.
    let host: String
    let isTLS: Bool

    /// Refuses what is not a plain absolute http or https URL.
    init(_ text: String) throws(TransferError) {
        self.text = text
        func refuse(_ why: String) -> TransferError { .badURL(url: Self.forDisplay(text), why: why) }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw refuse("it has a space, a control character or one outside ASCII")
        }
        guard let handle = curl_url() else {
            throw .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), text: "out of memory")
        }
        defer { curl_url_cleanup(handle) }
        let status = curl_url_set(handle, CURLUPART_URL, text, 0)
        guard status == CURLUE_OK else { throw refuse(String(cString: curl_url_strerror(status))) }
        func part(_ part: CURLUPart) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &value, 0) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
        guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
            throw refuse("only http and https are spoken")
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw refuse("it holds a user or password, which belong in a header")
        }
        // libcurl takes "http:/x" and "http:///x" for "http://x".
        guard let host = part(CURLUPART_HOST), !host.isEmpty, text.dropFirst(scheme.count).hasPrefix("://"),
            !text.dropFirst(scheme.count + 3).hasPrefix("/")
        else { throw refuse("it names no host") }
        self.host = part(CURLUPART_PORT).map { "\(host):\($0)" } ?? host
        isTLS = scheme == "https"
    }

    /// Without query, fragment and credentials, which may be secret.
    static func forDisplay(_ text: String) -> String {
        var shown = text.prefix { $0 != "?" && $0 != "#" }
        if let at = shown.lastIndex(of: "@") {
            let start = shown.firstRange(of: "//")?.upperBound ?? shown.startIndex
            if start <= at { shown.replaceSubrange(start...at, with: "") }
        }
        return String(shown).onOneLine
    }
}
