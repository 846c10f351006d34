import LinuxSystem
import RollerCore
import SystemPackage
import Testing

@testable import Roll

@Suite struct CollectorTests {
    private func names(_ host: TestHost, _ folder: String) throws -> [String] {
        try host.home.root.openDirectory(folder).entries().map(\.name)
    }

    private func collect(_ host: TestHost) {
        Collector(home: host.home, report: Report(isQuiet: true, isVerbose: false)).run()
    }

    @Test func whatCallsThatWereCutOffLeftGoes() throws {
        let host = try TestHost()
        try host.mark("local", 2)
        for path in [
            "packages/.unpacking-x/tree/a", "packages/.removing-y/tree/a", "generations/.removing-1/a",
            "generations/.exchange-probe-1-a/x", "generations/3/half", "generations/.tmp-1", "receipts/.tmp-2",
            "rejected/.tmp-3", ".tmp-4", "downloads/old.tar", "downloads/old.tar.etag",
        ] { try host.write("x", to: "local.roller/\(path)") }
        try host.write("{}", to: "local.roller/receipts/1.json")
        try host.write("{}", to: "local.roller/rejected/1.json")
        try host.write("data", to: "local.roller/keep/var/data")
        collect(host)
        for folder in ["packages", "generations", "downloads"] { #expect(try names(host, folder).isEmpty, "\(folder)") }
        #expect(try names(host, "receipts") == ["1.json"])
        #expect(try names(host, "rejected") == ["1.json"])
        #expect(try host.read("local.roller/keep/var/data") == "data")
        #expect(try host.status("local.roller/.tmp-4") == nil)
    }

    @Test func earlierTreesGoWithTheirRecordsAndPackages() throws {
        let host = try TestHost()
        try host.mark("local", 6)
        try host.makeTree("0", is: nil)
        for number in 1...6 {
            if number < 6 { try host.makeTree("\(number)", is: number) }
            let package = try TestPackage("p\(number)", [("a", .file("\(number)", 0o644))], on: host)
            try package.install(on: host)
            try host.home.write(try record(number, of: bundle(packages: [package.package])).record, durable: false)
        }
        collect(host)
        #expect(
            try names(host, "generations")
                == ["0", "3", "3.json", "4", "4.json", "5", "5.json", "6.json"])
        #expect(try names(host, "packages").count == 4)
    }

    @Test func aTreeThatAProcessHasMappedAFileOfStays() async throws {
        let host = try TestHost()
        try host.mark("local", 6)
        for number in 1...5 { try host.makeTree("\(number)", is: number) }
        // Neither its program nor a directory of its own is in the tree.
        let mapped = "local.roller/generations/1/mapped"
        try host.write(String(repeating: "x", count: 8192), to: mapped)
        let script = """
            python3 -c 'import mmap, os, time
            file = open("\(mapped)", "r+b"); memory = mmap.mmap(file.fileno(), 0); file.close()
            open("ready", "w").close(); time.sleep(600)' >/dev/null 2>&1 & echo $!; until [ -e ready ]; do sleep 0.01; done
            """
        let process = try await host.shell(script).output.filter(\.isNumber)
        collect(host)
        try await host.shell("kill \(process)")
        #expect(try names(host, "generations") == ["1", "3", "4", "5"])
    }

    @Test func theNewestReceiptsAreKept() throws {
        let host = try TestHost()
        for number in 0..<5 { try host.write("{}", to: "local.roller/receipts/6b03502\(number)-00000000.json") }
        try host.home.forgetReceipts(keeping: 2)
        #expect(try names(host, "receipts") == ["6b035023-00000000.json", "6b035024-00000000.json"])
        try host.home.forgetReceipts(keeping: 2)
        #expect(try names(host, "receipts").count == 2)
    }

    @Test func aPrefixWithoutATreeLosesNothing() throws {
        let host = try TestHost(withPrefix: false)
        for number in 1...5 { try host.makeTree("\(number)", is: number) }
        collect(host)
        #expect(try names(host, "generations").count == 5)
    }

    /// A crash half-way must leave no tree that looks whole and is not.
    @Test func aTreeLosesItsNameBeforeItsFiles() throws {
        let host = try TestHost()
        try host.mark("local", 6)
        for number in 1...5 { try host.makeTree("\(number)", is: number) }
        // A mount would do the same: something below cannot be removed.
        try host.write("x", to: "local.roller/generations/1/a")
        try RollerHome.removeTree("1", in: host.home.generations)
        #expect(try host.home.storedGenerations().map(\.generation.number).sorted() == [2, 3, 4, 5])
        #expect(try names(host, "generations") == ["2", "3", "4", "5"])
    }
}
