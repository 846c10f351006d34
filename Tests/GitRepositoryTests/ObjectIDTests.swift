import GitRepository
import Testing

struct ObjectIDTests {
    static let hex = "00112233445566778899aabbccddeeff01020304"

    @Test func hexComesBack() throws {
        let id = try #require(ObjectID(hex: Self.hex))
        #expect(id.description == Self.hex)
        #expect(id.bytes.prefix(3) == [0x00, 0x11, 0x22])
        #expect(id.bytes.suffix(2) == [0x03, 0x04])
        #expect(ObjectID(bytes: id.bytes) == id)
    }

    @Test(arguments: [
        "", "0011", String(hex.dropLast()), hex + "0", hex.uppercased(), "g" + hex.dropFirst(), " " + hex.dropFirst(),
        "\u{FF10}" + hex.dropFirst(3),
    ])
    func otherTextsAreNoID(_ text: String) { #expect(ObjectID(hex: text) == nil) }

    @Test(arguments: [0, 19, 21, 32])
    func otherCountsOfBytesAreNoID(_ count: Int) {
        #expect(ObjectID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func orderIsThatOfTheBytes() throws {
        for index in 0..<20 {
            var (low, high) = ([UInt8](repeating: 0x7F, count: 20), [UInt8](repeating: 0x7F, count: 20))
            high[index] = 0x80
            for later in (index + 1)..<20 { low[later] = 0xFF }
            #expect(try #require(ObjectID(bytes: low)) < #require(ObjectID(bytes: high)), "byte \(index)")
        }
    }
}
