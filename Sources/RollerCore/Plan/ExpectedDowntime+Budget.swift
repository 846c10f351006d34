extension ExpectedDowntime {
    /// Of services that are likely to be away for longer than `budget` allows, the one that is for longest; nil where
    /// every one keeps to it. By the median, so that one bad day of a host does not stop its rolls.
    public static func beyond(_ budget: TimeSpan, _ expected: [ExpectedDowntime]) -> ExpectedDowntime? {
        expected.filter { .milliseconds($0.medianMilliseconds) > budget.duration }
            .max { $0.medianMilliseconds < $1.medianMilliseconds }
    }
}
