// Any bytes as a tarball, as they are and again with the checksums of its headers set right, which chance would hardly do:
// reading ends within the limits, and what is accepted can be written again and reads back as it was.
import RollerCore
import Tarball

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    check(bytes)
    let signed = withChecksums(bytes)
    if signed != bytes { check(signed) }
    return 0
}

private func check(_ bytes: [UInt8]) {
    var policy = TarballPolicy.strict
    policy.owners = .any
    policy.setuid = .any
    policy.maxUnpackedBytes = 1 << 20
    policy.maxEntries = 1000
    guard let (entries, contents) = try? read(bytes, policy) else { return }
    for entry in entries {
        require(!entry.path.isEmpty && entry.path.utf8.first != UInt8(ascii: "/"), "a path below the root")
        require(!entry.path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }, "a path inside")
        require(entry.modified >= 0 && entry.permissions <= 0o7777, "a time and a mode in their bounds")
    }
    do {
        var writer = try TarballWriter.inMemory(compression: .none, policy: policy)
        for (entry, contents) in zip(entries, contents) { try writer.add(entry, contents: contents) }
        let (again, same) = try read(writer.finish().bytes, policy)
        require(again == entries && same == contents, "what is written again reads as it was")
    } catch {
        fatalError("what was read cannot be written and read again: \(error)")
    }
}

private func read(_ bytes: [UInt8], _ policy: TarballPolicy) throws -> ([TarballEntry], [[UInt8]]) {
    var reader = try TarballReader.open(bytes: bytes, policy: policy)
    var entries: [TarballEntry] = []
    var contents: [[UInt8]] = []
    while let entry = try reader.next() {
        var body: [UInt8] = []
        try reader.readContents { piece in piece.withUnsafeBytes { body += $0 } }
        require(Int64(body.count) == entry.size, "as many bytes as the entry says")
        entries.append(entry)
        contents.append(body)
    }
    require(reader.totals.unpackedBytes <= policy.maxUnpackedBytes, "no more bytes than allowed")
    return (entries, contents)
}

/// The same with each header's checksum as it should be, as far as sizes lead from one header to the next.
private func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var start = 0
    while start + 512 <= bytes.count {
        let block = bytes[start..<(start + 512)]
        guard block.contains(where: { $0 != 0 }) else {
            start += 512
            continue
        }
        let others = block.indices.filter { !(148..<156).contains($0 - start) }
        let sum = others.reduce(8 * 0x20) { $0 + Int(bytes[$1]) }
        let digits = String(sum, radix: 8)
        let field = String(repeating: "0", count: 6 - digits.utf8.count) + digits + "\0 "
        bytes.replaceSubrange((start + 148)..<(start + 156), with: field.utf8)
        let size = bytes[(start + 124)..<(start + 136)].prefix { (0x30...0x37).contains($0) }
            .reduce(0) { $0 << 3 | Int($1 & 7) }
        start += 512 + (min(size, bytes.count) + 511) / 512 * 512
    }
    return bytes
}
