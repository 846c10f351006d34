internal import Glibc
internal import Synchronization

/// Times as HTTP headers and people write them, without a time zone's rules.
struct UTCTime: Hashable, Sendable {
    /// Seconds since 1970-01-01 00:00 UTC.
    let seconds: Int

    /// The time now, by the machine's clock.
    static var now: UTCTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UTCTime(seconds: time.tv_sec)
    }

    /// Milliseconds since 1970, by the machine's clock.
    static var nowMilliseconds: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    var httpDate: String {
        let days = seconds.flooredQuotient(by: 86400)
        let (year, month, day) = Self.date(ofDay: days)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][days - days.flooredQuotient(by: 7) * 7]
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(two(day)) \(names[month - 1]) \(year) \(clock) GMT"
    }

    /// `1994-11-06T08:49:37Z` (RFC 3339).
    var iso8601: String {
        let (year, month, day) = Self.date(ofDay: seconds.flooredQuotient(by: 86400))
        return "\(year)-\(two(month))-\(two(day))T\(clock)Z"
    }

    private var clock: String {
        let second = seconds - seconds.flooredQuotient(by: 86400) * 86400
        return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The proleptic Gregorian date of a day counted from 1970-01-01: years begin in March, so that leap days end them
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int {
    fileprivate func flooredQuotient(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// The Date header, made once a second.
final class DateHeader: Sendable {
    private let last = Mutex((time: UTCTime(seconds: -1), text: ""))

    /// The header's value now.
    var value: String {
        let now = UTCTime.now
        return last.withLock { last in
            if last.time != now { last = (now, now.httpDate) }
            return last.text
        }
    }
}
