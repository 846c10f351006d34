import LinuxSystem
import RollerCore
import SystemPackage

/// Why a roll ended before it touched the host. Each case knows its exit code.
enum RollError: RollerError {
    // Usage and configuration.
    case badPrefix(String, hint: String)
    case noHost
    case noServer
    case stateUnreadable(String, cause: any Error)
    case recordUnreadable(String, cause: any Error)

    // The server.
    case server(url: String, cause: any Error)
    case answerTooLarge(url: String, why: String)
    case noServerAnswered([String], hint: String?)
    case bundle(url: String, cause: any Error)

    // Digests.
    case bundleDiffers(url: String, said: Digest, found: Digest)
    case digestDiffers(what: String, expected: Digest, found: Digest)
    case manifestDiffers(package: PackageName, why: String)

    // The candidate.
    case cannotStage(what: String, cause: any Error)
    case conflict(path: String, owners: [String])
    case render(TemplateErrors)
    case noAccount(kind: String, name: String, path: TreePath)
    case validatorFailed(service: ServiceName, why: String)
    case cannotValidate(service: ServiceName, cause: any Error)
    case planTooLarge([ServiceName])
    case noSpace(at: String, why: String)

    // Locks and refusals.
    case locked(by: String)
    case held(Hold)
    case onTrial(Trial)
    case noTrial(String)
    case needsConsent(String)
    case dataWouldGo(String)
    case needsAdoption(String)
    case cannotExchange(cause: any Error)
    case rejected(Digest, why: String)
    case noGeneration(Generation)
    case nothingToRollBackTo
    case overBudget(ExpectedDowntime, TimeSpan)
    case needsRecovery(String)
    case planMoved(PlanID, why: [String])
    case noPlan(PlanID)
    case nothingToVerify(String)
    case cannotTell(of: String, cause: any Error)

    /// How roll ends with this.
    var exit: RollExit {
        switch self {
        case .badPrefix, .noHost, .noServer: .usage
        case .server, .answerTooLarge, .noServerAnswered, .bundle, .stateUnreadable, .recordUnreadable: .configOrServer
        case .bundleDiffers, .digestDiffers, .manifestDiffers: .verification
        case .cannotStage, .conflict, .render, .noAccount, .validatorFailed, .cannotValidate,
            .planTooLarge, .noSpace:
            .staging
        case .locked, .held, .onTrial: .locked
        case .needsAdoption, .cannotExchange, .rejected, .noGeneration, .nothingToRollBackTo, .noTrial, .needsConsent,
            .dataWouldGo, .overBudget, .planMoved, .noPlan, .nothingToVerify, .cannotTell:
            .refused
        case .needsRecovery: .inconsistent
        }
    }

    var message: String {
        switch self {
        case .badPrefix(let why, _): why
        case .noHost: "nobody said which host this is"
        case .noServer: "nobody said where the config server is"
        case .stateUnreadable(let path, _), .recordUnreadable(let path, _): "cannot read \(path)"
        case .server(let url, _): "cannot ask \(url)"
        case .answerTooLarge(let url, let why): "\(url): \(why)"
        case .noServerAnswered(let tried, _): tried.joined(separator: "; ")
        case .bundle(let url, _): "\(url) did not answer with a bundle"
        case .bundleDiffers(let url, let said, let found):
            "the bundle from \(url) is not the one that its header speaks of: that has \(said), and this is \(found)"
        case .digestDiffers(let what, let expected, let found):
            "\(what) is not what the lock in git says: the lock has \(expected), and this is \(found)"
        case .manifestDiffers(let package, let why): "the archive of '\(package)' is not what its manifest says: \(why)"
        case .cannotStage(let what, _): "cannot \(what)"
        case .conflict(let path, let owners): "'\(path)' comes from \(owners.joined(separator: " and from "))"
        case .render(let errors):
            "cannot render the class's files: "
                + errors.diagnostics.map { "\($0.location): \($0.message)" }.joined(separator: "; ")
        case .noAccount(let kind, let name, let path): "there is no \(kind) '\(name)', which '\(path)' should belong to"
        case .validatorFailed(let service, let why): "the validator of '\(service)' refuses the new tree: \(why)"
        case .cannotValidate(let service, _): "cannot run the validator of '\(service)'"
        case .planTooLarge(let services):
            "what the roll has to remember of \(services.count) services is more than its journal takes"
        case .noSpace(let path, let why): "there is no room for the roll on the file system of \(path): \(why)"
        case .planMoved(let id, let why): "the plan \(id) does not hold any more: \(why.joined(separator: "; "))"
        case .noPlan(let id): "no plan \(id) is known on this host, and one made now is another"
        case .nothingToVerify(let prefix):
            "nobody knows what \(prefix) should be: no generation of Roller's is live there"
        case .cannotTell(let place, _): "cannot tell where '\(place)' comes from"
        case .locked(let by): "another roll is at work: \(by)"
        case .held(let hold): "the host is held until \(utc(hold.until)): \(hold.reason)"
        case .onTrial(let trial):
            "generation \(trial.generation) is on trial until \(utc(trial.until)), and gives way to \(trial.back) then"
        case .dataWouldGo(let path): "\(path) holds data that the live tree has no link to, and that would be lost"
        case .needsAdoption(let why), .noTrial(let why), .needsConsent(let why): why
        case .cannotExchange: "the tree at the prefix cannot be exchanged for another"
        case .rejected(let digest, let why): "the bundle \(digest.short) was rejected before: \(why)"
        case .noGeneration(let generation): "there is no generation \(generation) to go to"
        case .nothingToRollBackTo: "there is no earlier generation"
        case .overBudget(let expected, let budget):
            "'\(expected.service)' is likely to be away for \(Duration.milliseconds(expected.medianMilliseconds).brief), the median of \(expected.rolls) earlier rolls, and the downtime budget is \(budget)"
        case .needsRecovery(let why): "the host is inconsistent: \(why)"
        }
    }

    var cause: (any Error)? {
        switch self {
        case .stateUnreadable(_, let cause), .recordUnreadable(_, let cause), .server(_, let cause),
            .bundle(_, let cause), .cannotStage(_, let cause), .cannotValidate(_, let cause),
            .cannotExchange(let cause), .cannotTell(_, let cause):
            cause
        default: nil
        }
    }

    var hint: String? {
        switch self {
        case .badPrefix(_, let hint): hint
        case .noHost: "say it once with --host NAME; it is remembered"
        case .noServer: "say it once with --server URL; it is remembered"
        case .noServerAnswered(_, let hint):
            hint ?? "nothing was changed; see that one of the servers can be reached"
        case .bundle(_, let cause): (cause as? any RollerError)?.hint
        case .bundleDiffers:
            "nothing was changed; see what stands between this host and the server, and changes answers"
        case .digestDiffers, .manifestDiffers:
            "nothing was changed; publish the package as it was locked, or lock it anew and release"
        case .conflict: "keep it in one of the two, and release"
        case .validatorFailed: "services were not touched; mend the configuration, and release"
        case .cannotValidate: "mount namespaces are needed for it: run as root, or allow user namespaces"
        case .planTooLarge: "services were not touched; put long commands of services into files of the class"
        case .stateUnreadable:
            "nothing was changed; `roll rollback N`, where N is the generation in .roller/generation.json of the live tree, writes it anew"
        case .recordUnreadable: "nothing was changed; roll back to another of the generations that `roll status` lists"
        case .needsAdoption: "look at it; with --adopt it becomes generation 0, and `roll rollback 0` brings it back"
        case .cannotExchange(let cause): exchangeHint((cause as? FileError)?.errno)
        case .held: "`roll unhold` ends it"
        case .onTrial: "`roll keep` keeps it, `roll rollback` ends it now"
        case .needsConsent: "say --yes"
        case .dataWouldGo: "move it, or say --keep-directory"
        case .noSpace: "nothing was fetched or changed; make room there, and roll again"
        case .planMoved, .noPlan: "nothing was changed; look at `roll plan` again, and apply the ID that it prints"
        case .cannotTell(_, let cause): (cause as? any RollerError)?.hint
        case .overBudget:
            "nothing was changed; raise downtime-budget in the class, make the service quicker, or roll once with --over-budget"
        case .rejected: "commit a change, or try once more with --retry-rejected"
        case .needsRecovery: "look at the trees in the roller directory; `roll rollback N` makes one of them live"
        case .locked, .server, .answerTooLarge, .cannotStage, .render, .noAccount, .noGeneration,
            .nothingToRollBackTo, .nothingToVerify, .noTrial:
            nil
        }
    }
}

/// What to do where the kernel will not exchange the trees (rename(2)).
private func exchangeHint(_ code: Errno?) -> String {
    switch code {
    case .resourceBusy?:
        "mount it at the directory above the prefix, or take a --prefix inside of it: a mount point cannot be exchanged"
    case .improperLink?:
        "in a container, mount a volume at the directory above the prefix: what comes with an image cannot be exchanged"
    case .notPermitted?: "an immutable flag may be in the way: see `lsattr -d`"
    case .readOnlyFileSystem?: "the file system must be writable"
    default: "the prefix must be a plain directory, no mount point, on one file system with its parent"
    }
}
