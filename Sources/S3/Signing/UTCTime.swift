/// A time of day in UTC, by the proleptic Gregorian calendar.
struct UTCTime: Hashable {
    /// Seconds since 1970.
    let seconds: Int64

    /// `20261122`, the day that a signing key is for.
    var day: String {
        let (year, month, day) = civil
        return Self.digits(year, 4) + Self.digits(month, 2) + Self.digits(day, 2)
    }

    /// `20261122T215559Z`, as `x-amz-date` has it.
    var stamp: String {
        let time = seconds.quotientAndRemainder(dividingBy: 86400).remainder
        let second = time < 0 ? time + 86400 : time
        return day + "T" + Self.digits(second / 3600, 2) + Self.digits(second / 60 % 60, 2)
            + Self.digits(second % 60, 2) + "Z"
    }

    /// Year, month and day, after Howard Hinnant's "chrono-compatible low-level date algorithms".
    private var civil: (Int64, Int64, Int64) {
        let days = (seconds >= 0 ? seconds : seconds - 86399) / 86400 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension UTCTime {
    /// Reads `2026-11-22T21:55:59Z`, with or without a fraction, which is dropped. Nil for anything else.
    init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard bytes[range].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        let marks = zip([4, 7, 10, 13, 16], "--T::".utf8).allSatisfy { bytes[$0] == $1 }
        let fraction = bytes[19..<(bytes.count - 1)]
        guard marks,
            fraction.isEmpty
                || fraction.first == UInt8(ascii: ".") && fraction.count > 1 && number(20..<(bytes.count - 1)) != nil,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        self.init(seconds: days * 86400 + hour * 3600 + minute * 60 + second)
        guard civil.2 == day else { return nil }  // 31 June
    }
}
