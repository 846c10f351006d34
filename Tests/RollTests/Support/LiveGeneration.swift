import LinuxSystem
import RollerCore

@testable import Roll

extension TestHost {
    /// Makes a generation from a bundle, as a roll does, and puts it at the prefix.
    /// - Returns: Its record.
    @discardableResult
    func makeLive(_ number: Int, of bundle: Bundle) throws -> GenerationRecord {
        let (record, files) = try RollTests.record(number, of: bundle)
        try stager.stage(record, packages: record.packages, files: files)
        try home.write(record, durable: false)
        try tree.makeLive(generation(number))
        return record
    }

    /// A package in the store.
    func package(_ name: String, _ items: [(String, TestPackage.Item)]) throws -> Bundle.Package {
        let package = try TestPackage(name, items, on: self)
        try package.install(on: self)
        return package.package
    }
}
