import LinuxSystem
import RollerCore
import SystemPackage

/// A generation that is live on trial: unless somebody keeps it, the one before is live again when its time is over. It is
/// on disk before the trees are exchanged, so that whoever comes next, after whatever happened, knows of it.
struct Trial: Hashable, Codable {
    /// The generation on trial. Where another is live, the trial is void.
    let generation: Generation
    /// The generation to go back to.
    let back: Generation
    /// When its time is over, in seconds since 1970: what counts after a reboot.
    let until: Int
    /// The boot it began in.
    let boot: String
    /// When its time is over, in seconds since that boot, by a clock that nobody sets.
    let untilSinceBoot: Int64

    /// A trial of `generation` from now on.
    init(of generation: Generation, goingBackTo back: Generation, for span: Duration, now: Int) throws(FileError) {
        let seconds = span.components.seconds
        self.generation = generation
        self.back = back
        until = now + Int(seconds)
        boot = try Boot.id()
        untilSinceBoot = try Boot.elapsed().components.seconds + seconds
    }

    /// How much of its time is left; zero or less when it is over.
    func remaining(at now: Int) throws(FileError) -> Duration {
        guard try Boot.id() == boot else { return .seconds(until - now) }
        return .seconds(untilSinceBoot - (try Boot.elapsed().components.seconds))
    }
}

extension RollerHome {
    private static let trialFile = "trial.json"

    /// The trial of the generation that is committed; nil where there is none. What cannot be read is none either, and told:
    /// the generation was committed, and nobody knows what it should give way to.
    func trial(of current: Generation, _ report: Report) throws(FileError) -> Trial? {
        guard try root.status(of: Self.trialFile) != nil else { return nil }
        do {
            let trial = try readJSON(try root.readFile(Self.trialFile, limit: 64 << 10), as: Trial.self)
            return trial.generation == current ? trial : nil
        } catch {
            report.warning(
                "\(path.appending(Self.trialFile)) cannot be read, so its trial has no end: \(explain(error))")
            return nil
        }
    }

    func write(_ trial: Trial) throws(FileError) {
        try root.replaceFile(Self.trialFile, permissions: 0o600, bytes: canonicalJSON(trial), durable: true)
    }

    /// Forgets a trial, if there is one.
    func endTrial() throws(FileError) {
        guard try root.status(of: Self.trialFile) != nil else { return }
        try root.remove(Self.trialFile)
        try root.sync()
    }
}
