import RollerCore
import Testing

/// Sizes and times as people read and write them.
struct MeasureTests {
    @Test(arguments: [
        (Int64(0), "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (4300, "4.1 KiB"), (1_048_575, "1023.9 KiB"),
        (1 << 20, "1.0 MiB"), (15 << 20, "15.0 MiB"), (1 << 40, "1.0 TiB"), (Int64.max, "8388607.9 TiB"),
    ])
    func sizesReadWell(_ bytes: Int64, _ text: String) { #expect("\(ByteCount(bytes))" == text) }

    /// Sizes come out of files that anyone can write: a sum beyond 64 bits must be too much, and no crash.
    @Test func sumsOfHugeSizesDoNotTrap() {
        #expect(ByteCount(.max) + ByteCount(1) == ByteCount(.max))
        #expect(ByteCount(1) + ByteCount(2) == ByteCount(3))
    }

    @Test func negativeSizesAreRefused() {
        #expect(throws: DecodingError.self) { try readJSON(Array("-1".utf8), as: ByteCount.self) }
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("4h", .seconds(14400)),
        ("2d", .seconds(172_800)), ("0s", .zero),
    ])
    func spansAreTaken(_ text: String, _ duration: Duration) {
        #expect(TimeSpan(text)?.duration == duration)
        #expect(TimeSpan(text)?.rawValue == text)
    }

    @Test(arguments: [
        "", "10", "s", "-1s", "+1s", "1.5s", "10 s", "10s ", "10S", "1w", "10\u{661}s", "99999999999999999999s",
        "1000001s",
    ])
    func otherTextIsNoSpan(_ text: String) { #expect(TimeSpan(text) == nil) }

    @Test(arguments: [
        (Duration.zero, "0.0 ms"), (.microseconds(3249), "3.2 ms"), (.milliseconds(999), "999.0 ms"),
        (.milliseconds(1240), "1.24 s"), (.milliseconds(1004), "1.00 s"), (.milliseconds(59_999), "59.99 s"),
        (.seconds(125), "2 min 5 s"), (.seconds(11_400), "3 h 10 min"), (.seconds(352_800), "4 d 2 h"),
        (.microseconds(-3249), "-3.2 ms"), (.seconds(-125), "-2 min 5 s"),
    ])
    func durationsReadWell(_ duration: Duration, _ text: String) { #expect(duration.brief == text) }
}
