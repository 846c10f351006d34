// A host's file: pinning it changes that one value and nothing else, and pinning it back gives the file as it was.
import RollerCore

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let host = HostName("a.example.com"), let release = ReleaseReference("web@2026.11.22-77") else { return 0 }
    guard let edited = try? HostEdit.settingRelease(in: bytes, of: host, to: release, file: "hosts/a.yml") else {
        return 0
    }
    let (repo, findings) = ConfigRepo.read([RepoFile(path: "hosts/\(host).yml", bytes: edited.bytes)])
    require(repo.hosts[host]?.release == release, "the file does not name the new release: \(findings)")
    guard let back = try? HostEdit.settingRelease(in: edited.bytes, of: host, to: edited.old, file: "hosts/a.yml")
    else { fatalError("what was pinned cannot be pinned back") }
    require(back.bytes == bytes, "pinned there and back, the file differs")
    return 0
}
