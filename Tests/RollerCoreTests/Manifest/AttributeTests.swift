import RollerCore
import Testing

/// Extended attributes in manifests.
struct AttributeTests {
    private static let capabilities = "0100000200200000000000000000000000000000"

    private static let digestBytes: [UInt8] = {
        let hex = Array(ManifestTests.digest.hex)
        return stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(hex[$0...($0 + 1)]), radix: 16) }
    }()

    private static func read(_ attributes: String) -> Result<PackageManifest, ManifestError> {
        ManifestTests.read(
            ManifestTests.head(files: "1", unpacked: "3")
                + "f 0755 3 \(ManifestTests.digest.hex) bin/ping\t\(attributes)\n")
    }

    @Test func linesWithAttributesReadBackAsTheyAre() throws {
        let text = "security.capability=\(Self.capabilities)\tuser.empty=\tuser.note=00ff"
        let manifest = try Self.read(text).get()
        let entry = try #require(manifest.entries.first)
        #expect(entry.attributes[try #require(AttributeName("user.note"))] == [0, 0xff])
        #expect(entry.capabilities?.description == "cap_net_raw=ep")
        #expect(entry.line.hasSuffix("bin/ping\t\(text)"))
        #expect(try PackageManifest.read(Array(manifest.text.utf8)) == manifest)
        #expect(
            manifest.attributeNames == ["bin/ping": ["security.capability", "user.empty", "user.note"]])
    }

    @Test(arguments: [
        "", "user.a", "user.a=0", "user.a=0G", "user.a=AB", "user.=00", "trusted.a=00", "security.selinux=00",
        "system.posix_acl_access=00", "user.a b=00", "user.b=00\tuser.a=00", "user.a=00\tuser.a=00", "user.a=00\t",
        // Capabilities that are cut, of revision 3, and of no revision.
        "security.capability=01000002", "security.capability=0100000300200000000000000000000000000000e8030000",
        "security.capability=0100000900200000000000000000000000000000",
        "user.large=" + String(repeating: "00", count: 16 << 10),
    ])
    func refusesAttributesThatAreNotInTheOneForm(_ attributes: String) {
        guard case .failure(.malformed) = Self.read(attributes) else {
            Issue.record("'\(attributes)' was read")
            return
        }
    }

    @Test func nothingButAFileHasAttributes() {
        let line = "d 0755 bin\tuser.a=00\n"
        guard case .failure(.malformed) = ManifestTests.read(ManifestTests.head(directories: "1") + line) else {
            Issue.record("a directory has attributes")
            return
        }
    }

    @Test func capabilitiesReadAsGetcapWritesThem() {
        let bytes = { (words: [UInt32]) in words.flatMap { word in (0..<4).map { UInt8(word >> ($0 * 8) & 0xff) } } }
        #expect(FileCapabilities(bytes([0x0200_0000, 0x0400, 0, 0, 0]))?.description == "cap_net_bind_service=p")
        #expect(
            FileCapabilities(bytes([0x0200_0001, 0x3000, 0x1000, 0, 0]))?.description
                == "cap_net_admin=eip cap_net_raw=ep")
        #expect(FileCapabilities(bytes([0x0200_0001, 0, 0, 0x100, 0]))?.description == "cap_checkpoint_restore=ep")
        #expect(FileCapabilities([]) == nil)
    }

    /// The archive of a package must have what its manifest says, no less and no more.
    @Test(arguments: [[:], ["user.note": [1]], ["user.note": [0, 0xff], "user.more": []]] as [[String: [UInt8]]])
    func archivesWithOtherAttributesDiffer(_ attributes: [String: [UInt8]]) throws {
        var comparison = ManifestComparison(try Self.read("user.note=00ff").get())
        let entry = ArchiveEntry(
            path: "bin/ping", kind: .file(size: 3), permissions: 0o755, digest: Self.digestBytes,
            attributes: attributes)
        #expect(comparison.difference(of: entry)?.why == .attributes)
    }

    @Test func aRollSeesThatOnlyAttributesChanged() throws {
        let changes = ManifestChanges(
            from: try Self.read("user.note=00ff").get().entries, to: try Self.read("user.note=00").get().entries)
        #expect(changes.changed.map(\.what) == [[.attributes]])
        #expect(changes.added.isEmpty && changes.removed.isEmpty)
    }
}
