import RollerCore

/// A day in UTC.
struct UTCDay: Equatable, CustomStringConvertible {
    let year: Int
    let month: Int
    let day: Int

    /// The day of a moment, in seconds since 1970.
    init(at seconds: Int64) {
        // Days since 0000-03-01 in years that begin in March, so that a leap day ends its year (Hinnant,
        // "chrono-compatible low-level date algorithms", civil_from_days).
        let days = Int(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026.11.22`.
    var description: String { "\(year).\(twoDigits(month)).\(twoDigits(day))" }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The release of a class that comes next on a day: `YYYY.MM.DD-N`, one more than the highest N there is, so that the
/// number of a tag that was deleted in between does not come back.
/// - Parameter tags: The tags that there are.
func nextRelease(of hostclass: HostclassName, on day: UTCDay, after tags: some Sequence<String>) -> ReleaseVersion {
    let prefix = "\(hostclass)@\(day)-"
    let numbers = tags.compactMap { tag -> Int? in
        guard tag.hasPrefix(prefix) else { return nil }
        return Int(tag.dropFirst(prefix.count)).flatMap { $0 > 0 ? $0 : nil }
    }
    guard let version = ReleaseVersion("\(day)-\((numbers.max() ?? 0) + 1)") else {
        preconditionFailure("digits, dots and a hyphen make a version")
    }
    return version
}
