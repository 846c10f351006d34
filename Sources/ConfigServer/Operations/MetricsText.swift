internal import RollerCore

/// Metrics as Prometheus reads them: its text format, version 0.0.4.
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// A value and the labels that tell it from others of its name.
    struct Sample {
        var labels: [(name: String, value: String)] = []
        let value: Double
    }

    private(set) var text = ""

    /// Adds a metric that has one value.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [Sample(value: value)])
    }

    /// Adds a metric with a value for each set of labels. Nothing is said of one without any.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        begin(name, kind, help)
        for sample in samples { add(name, sample.labels, sample.value) }
    }

    /// Adds histograms of durations, told apart by one label.
    mutating func add(
        _ name: String, _ help: String, by label: String, _ histograms: [(route: String, histogram: Histogram)]
    ) {
        guard !histograms.isEmpty else { return }
        begin(name, .histogram, help)
        for (value, histogram) in histograms {
            var below = 0
            for (bound, count) in zip(Histogram.bounds, histogram.buckets) {
                below += count
                add("\(name)_bucket", [(label, value), ("le", Self.number(bound))], Double(below))
            }
            add("\(name)_bucket", [(label, value), ("le", "+Inf")], Double(histogram.count))
            add("\(name)_sum", [(label, value)], histogram.sum / .seconds(1))
            add("\(name)_count", [(label, value)], Double(histogram.count))
        }
    }

    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func add(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += name + (pairs.isEmpty ? "" : "{\(pairs)}") + " \(Self.number(value))\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x5c, 0x22, 0x0a].contains($0) }) else { return text }
        return text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
