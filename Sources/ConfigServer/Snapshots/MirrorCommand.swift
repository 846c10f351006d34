internal import LinuxSystem
internal import RollerCore
internal import Subprocess
internal import SystemPackage

/// Runs git on a mirror: a bare repository that nobody else writes to.
struct MirrorCommand: Sendable {
    let mirror: FilePath
    /// How long one command may take.
    let limit: Duration

    /// Makes the mirror where there is none, and removes what a killed git left in the way of the next.
    func prepare() async throws(UpstreamError) {
        do throws(UpstreamError) {
            try await run(["init", "--quiet", "--bare", "--initial-branch=main", mirror.string])
        } catch {
            guard case .fetch(let said) = error else { throw error }
            throw .noRepository(mirror, said: said)
        }
        removeStaleLocks()
    }

    /// Makes branches and tags what they are upstream: all of them or, if anything fails, none. What of it is served is
    /// judged afterwards, a tag that moved included.
    func fetch(_ url: String) async throws(UpstreamError) {
        removeStaleLocks()
        try await run(
            [
                "--git-dir=\(mirror)", "-c", "transfer.fsckObjects=true", "-c", "core.hooksPath=/dev/null",
                "-c", "gc.autoDetach=false", "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30",
                "fetch", "--quiet", "--atomic", "--prune", "--no-tags", "--no-write-fetch-head", "--force",
                "--no-recurse-submodules", "--", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*",
            ])
    }

    /// Why `text` can be no upstream; nil where it can.
    static func problem(with text: String) -> String? {
        if text.hasPrefix("-") { return "it begins with a dash" }
        if text.contains("::") { return "it names a helper program" }
        guard let scheme = text.firstRange(of: "://") else {
            return text.contains(":") || text.hasPrefix("/") ? nil : "it is neither a URL nor an absolute path"
        }
        guard ["https", "http", "ssh", "file"].contains(text[..<scheme.lowerBound]) else {
            return "git does not fetch by '\(text[..<scheme.lowerBound])' here"
        }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" }
        if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") {
            return "it holds a password, which would be seen in lists of processes; use a credential helper"
        }
        return nil
    }

    /// `timeout` ends git and all that git started, also when this server is killed and cannot.
    private func run(_ arguments: [String]) async throws(UpstreamError) {
        let seconds = max(1, limit.components.seconds)
        let variables: [Environment.Key: String?] = [
            "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "/bin/false", "LC_ALL": "C", "GIT_DIR": nil,
            "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=10",
        ]
        let status: TerminationStatus
        let said: String
        do {
            let result = try await Subprocess.run(
                .name("timeout"),
                arguments: Arguments(["--kill-after=5", "\(seconds)", "git"] + arguments),
                environment: .inherit.updating(variables), input: .none, output: .discarded,
                error: .string(limit: 1 << 20))
            status = result.terminationStatus
            said = result.standardError
        } catch {
            throw .notRun(why: "\(error)")
        }
        switch status {
        case .exited(0): return
        case .exited(124), .exited(137): throw .tooSlow(limit)
        case .exited(let code) where said.isEmpty: throw .fetch(said: "git ended with \(code)")
        case .exited, .signaled:
            throw .fetch(said: printable(said.split(separator: "\n").suffix(3).joined(separator: "; ")))
        }
    }

    /// Locks of references outlive a git that was killed, and no later one would get past them.
    private func removeStaleLocks() {
        guard !isGitAtWork, let root = try? Directory.open(mirror, followingLinks: true) else { return }
        removeLocks(in: root, deep: false)
        if let references = try? root.openDirectory("refs") { removeLocks(in: references, deep: true) }
    }

    private func removeLocks(in directory: borrowing Directory, deep: Bool) {
        guard let entries = try? directory.entries() else { return }
        for entry in entries {
            if entry.kind == .directory, deep, let inside = try? directory.openDirectory(entry.name) {
                removeLocks(in: inside, deep: true)
            }
            // One that cannot be removed is in the way of the fetch, which says so.
            if entry.kind == .regular, entry.name.hasSuffix(".lock") { try? directory.remove(entry.name) }
        }
    }

    /// Whether a git of a server before this one, which was killed, is still fetching.
    private var isGitAtWork: Bool {
        guard let processes = try? Directory.open("/proc", followingLinks: true), let all = try? processes.entries()
        else { return true }
        return all.contains { entry in
            guard Int(entry.name) != nil, let line = try? processes.readFile("\(entry.name)/cmdline", limit: 64 << 10)
            else { return false }
            return line.split(separator: 0).contains { $0.elementsEqual("--git-dir=\(mirror)".utf8) }
        }
    }
}
