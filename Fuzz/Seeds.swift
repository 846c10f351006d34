// What the fuzz targets share. Built by Scripts/fuzz, outside of the package: libFuzzer brings a `main` of its own.
import RollerCore

/// The input as text, bytes that are no UTF-8 replaced.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Ends the run, and makes libFuzzer keep the input.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    guard !holds else { return }
    fatalError("does not hold: \(what())")
}
