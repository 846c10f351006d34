internal import Logging
internal import RollerCore
internal import SystemPackage

/// Writes each message as a line of JSON: `time`, `level`, `message`, and what belongs to it, each value as text.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }
        // Nobody is left to tell where standard error is closed.
        _ = try? FileDescriptor.standardError.writeAll(
            Self.line(event.level, "\(event.message)", merged, at: .now))
    }

    /// One line, with its end.
    static func line(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, at time: UTCTime
    ) -> [UInt8] {
        var entries: [(String, Value)] = [
            ("time", .string(time.iso8601)), ("level", .string(level.rawValue)), ("message", .string(message)),
        ]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where !entries.contains(where: { $0.0 == key }) {
            entries.append((key, .string("\(value)")))
        }
        return Value.entries(entries).json() + [UInt8(ascii: "\n")]
    }
}
