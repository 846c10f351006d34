import LinuxSystem
import RollerCore
import SystemPackage

/// Everything up to the moment before a service stops: after it, the host is as it was, and a whole candidate stands
/// beside the live tree.
struct Preparation {
    let home: RollerHome
    let client: ServerClient
    let report: Report
    let watch: Stopwatch

    private var store: PackageStore { PackageStore(home) }
    private var stager: Stager { Stager(home: home, store: PackageStore(home)) }

    /// What came into the store, and the room that it took to be sure of.
    struct Fetched {
        var packages: [Bundle.Package] = []
        let space: SpaceCheck.Answer

        var bytes: ByteCount { packages.reduce(ByteCount(0)) { $0 + $1.size } }
    }

    /// Brings every package of `bundle` into the store, verified and unpacked, but not on disk yet: see `keep`. There is room
    /// for all of it, and for the tree made from it, or nothing is fetched but manifests. A package that is there and was
    /// changed since is fetched anew.
    /// - Parameter files: The class's files, rendered.
    func fetchPackages(of bundle: Bundle, files: [RenderedFile]) async throws(RollError) -> Fetched {
        var present: [Bundle.Package] = []
        var missing: [(package: Bundle.Package, text: [UInt8], manifest: PackageManifest)] = []
        for package in bundle.packages {
            if try inStore({ try store.has(package) }) {
                present.append(package)
            } else {
                let (text, manifest) = try await manifest(of: package)
                missing.append((package, text, manifest))
            }
        }
        let space = try SpaceCheck(home: home).check(bundle, files: files, missing: missing.map(\.manifest))
        var fetched = Fetched(space: space)
        for (package, text, manifest) in missing {
            try await fetch(package, manifest, text)
            fetched.packages.append(package)
        }
        // After the downloads, however long they took: right before they are linked.
        for package in present {
            guard case .damaged(let paths) = try inStore({ try store.condition(of: package) }) else { continue }
            let shown = paths.prefix(3).map(\.rawValue) + (paths.count > 3 ? ["\(paths.count - 3) more"] : [])
            report.warning(
                "the files of the package '\(package.name)' were changed on this host"
                    + (shown.isEmpty ? "" : " (\(shown.joined(separator: ", ")))") + "; it is fetched anew")
            let (text, manifest) = try await manifest(of: package)
            try await fetch(package, manifest, text)
            fetched.packages.append(package)
        }
        return fetched
    }

    /// The manifest of a package as the server has it, compared with what git pins.
    private func manifest(
        of package: Bundle.Package
    ) async throws(RollError) -> (text: [UInt8], manifest: PackageManifest) {
        let started = watch.start()
        defer { watch.stop(.download, since: started) }
        return try await client.manifest(of: package)
    }

    private func inStore<Result>(_ work: () throws -> Result) throws(RollError) -> Result {
        do {
            return try work()
        } catch {
            throw .cannotStage(what: "look into the store", cause: error)
        }
    }

    /// Keeps in the store what was fetched, without building a tree from it.
    func keep(_ packages: [Bundle.Package]) throws(RollError) {
        try watch.time(.sync) { () throws(RollError) in try stager.sync(packages) }
    }

    private func fetch(
        _ package: Bundle.Package, _ manifest: PackageManifest, _ text: [UInt8]
    ) async throws(RollError) {
        report.step("download", "\(package.name) \(package.version) (\(package.size))")
        let file = "\(package.archive.hex).tar"
        let path = home.downloads.path.appending(file)
        let started = watch.start()
        do {
            try await client.archive(of: package, to: path)
            watch.stop(.download, since: started)
            let unpacking = watch.start()
            try store.unpack(package, archive: path, manifest: manifest, text: text)
            watch.stop(.unpack, since: unpacking)
            try forget(file)
        } catch {
            let error = unpackingError(error, of: package.name)
            // What failed verification is of no use to the next try.
            if error.exit == .verification { try? forget(file) }  // the refusal is what matters
            throw error
        }
    }

    private func forget(_ download: String) throws(FileError) {
        for name in [download, download + ".etag"] where try home.downloads.status(of: name) != nil {
            try home.downloads.remove(name)
        }
    }

    /// The class's files as they will be on this host.
    func render(_ bundle: Bundle) throws(RollError) -> [RenderedFile] {
        do {
            return try watch.time(.render) { () throws(TemplateErrors) in try bundle.renderFiles() }
        } catch {
            throw .render(error)
        }
    }

    /// Decides what going from `live`, with the record `previous` where that is known, to `next` takes.
    func explain(
        _ next: GenerationRecord?, from previous: GenerationRecord?, live: Generation, id: String
    ) throws(RollError) -> ExplainedPlan {
        do {
            return try ExplainedPlan.from(previous, leaving: live, to: next, id: id) { try store.manifest($0) }
        } catch {
            throw .cannotStage(what: "compare the generations", cause: error)
        }
    }

    /// Builds the candidate of `record`, has it validated, and brings it to disk.
    func stage(_ record: GenerationRecord, files: [RenderedFile], validating services: [Service])
        async throws(RollError)
    {
        try await build(record, files: files, validating: services)
        do {
            // Before the sync, which brings the record to disk with all else.
            try writeRecord(record)
            try watch.time(.sync) { () throws(RollError) in try stager.sync(record.packages) }
        } catch {
            try? stager.discard(record.generation)  // the next roll does it else; the failure is what to tell
            throw error
        }
    }

    /// Builds the candidate of `record` and has it validated. For a plan that is all: see `discard`.
    func build(_ record: GenerationRecord, files: [RenderedFile], validating services: [Service])
        async throws(RollError)
    {
        do {
            try watch.time(.stage) { () throws(RollError) in
                try stager.stage(record, packages: record.packages, files: files)
            }
            try checkCrontabs(of: record.generation)
            let validating = watch.start()
            for service in services { try await validate(service, candidate: record.generation) }
            watch.stop(.validate, since: validating)
        } catch {
            store.tracking(record.packages.map(\.archive)) {
                try? stager.discard(record.generation)  // the next roll does it else; the failure is what to tell
            }
            throw error
        }
    }

    private func checkCrontabs(of candidate: Generation) throws(RollError) {
        do {
            try CronLinks(home).check(candidate)
        } catch {
            throw .cannotStage(what: "link the crontabs of generation \(candidate)", cause: error)
        }
    }

    private func writeRecord(_ record: GenerationRecord) throws(RollError) {
        do {
            try home.write(record, durable: false)
        } catch {
            throw .cannotStage(what: "write the record of generation \(record.generation)", cause: error)
        }
    }

    /// Runs a service's validator where it sees the candidate at the prefix, in mounts of its own.
    private func validate(_ service: Service, candidate: Generation) async throws(RollError) {
        guard let words = service.validate else { return }
        report.step("validate", words.joined(separator: " "))
        let program: FilePath
        do {
            program = try Processes.ownProgram()
        } catch {
            throw .cannotValidate(service: service.name, cause: error)
        }
        let wrapped = [
            program.string, ValidateInside.name,
            home.generations.path.appending("\(candidate)").string, home.prefix.string, "--",
        ]
        let commands = CommandRunner(home: home)
        let outcome = await commands.run(
            wrapped + words, purpose: "\(service.name)-validate", name: words.first, limit: .seconds(60))
        if case .failed(let why) = outcome { throw .validatorFailed(service: service.name, why: why) }
    }
}

/// Measures the steps of one roll.
final class Stopwatch {
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant
    /// The steps so far, in the order they were first entered, each with all the time it took.
    private(set) var steps: [Receipt.StepTime] = []

    init() { began = ContinuousClock().now }

    /// Since the roll began.
    var elapsed: Duration { began.duration(to: clock.now) }

    func start() -> ContinuousClock.Instant { clock.now }

    func stop(_ step: RollStep, since start: ContinuousClock.Instant) {
        add(step.rawValue, start.duration(to: clock.now))
    }

    func time<Result, Failure: Error>(_ step: RollStep, _ work: () throws(Failure) -> Result) throws(Failure) -> Result
    {
        let started = start()
        defer { stop(step, since: started) }
        return try work()
    }

    func add(_ step: String, _ duration: Duration) {
        let before = steps.first { $0.step == step }?.milliseconds ?? 0
        steps.removeAll { $0.step == step }
        steps.append(Receipt.StepTime(step: step, milliseconds: before + duration.milliseconds))
    }
}
