import Glibc

/// UTF-8 as the character set of a thread, for as long as a call takes and whatever locale the process has.
///
/// libarchive converts the names of pax headers, which are UTF-8, from and to the character set of the locale. The
/// process itself stays in "C", where that works for ASCII alone.
final class UTF8Locale {
    private let locale: locale_t

    init() throws(TarballError) {
        // Part of every Debian (libc-bin), and built into glibc itself since 2.35.
        guard let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else {
            throw .damaged(doing: "use the locale C.UTF-8", cause: "the system does not have it")
        }
        self.locale = locale
    }

    deinit { freelocale(locale) }

    func use<Value>(_ body: () -> Value) -> Value {
        let previous = uselocale(locale)
        defer { uselocale(previous) }
        return body()
    }
}
