import RollerCore
import Subprocess
import SystemPackage

/// Runs `git` in a work tree, as its user would: with their configuration, signing key and hooks.
struct GitCommand: Sendable {
    /// The root of the work tree.
    let root: FilePath
    /// Variables set beside those of this process.
    let variables: [String: String]

    /// Runs git with these arguments and returns what it printed.
    /// - Throws: `GitCommandError` with what it said when it did not exit with 0.
    @discardableResult
    func run(_ arguments: [String]) async throws(GitCommandError) -> String {
        var changes: [Environment.Key: String?] = [:]
        for (name, value) in variables {
            if let key = Environment.Key(rawValue: name) { changes[key] = value }
        }
        do {
            let result = try await Subprocess.run(
                .name("git"), arguments: Arguments(["-C", root.string, "--literal-pathspecs"] + arguments),
                environment: .inherit.updating(changes), output: .string(limit: 16 << 20),
                error: .string(limit: 1 << 20))
            guard result.terminationStatus.isSuccess else {
                throw GitCommandError.failed(arguments, said: result.standardError)
            }
            return result.standardOutput
        } catch let error as GitCommandError {
            throw error
        } catch {
            throw .notRun(arguments, why: "\(error)")
        }
    }

    /// The paths below `paths` that are not as in the last commit, new files included.
    func uncommitted(_ paths: [String]) async throws(GitCommandError) -> [String] {
        let status = try await run(
            ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--"] + paths)
        // Two letters and a blank before each path.
        return status.split(separator: "\0").map { String($0.dropFirst(3)) }
    }

    /// Which of `paths` are not as they are staged: changed, new, or gone from the work tree alone.
    func unstaged(_ paths: [String]) async throws(GitCommandError) -> [String] {
        let list = try await run(
            ["ls-files", "-z", "--modified", "--deleted", "--others", "--exclude-standard", "--deduplicate", "--"]
                + paths)
        return list.split(separator: "\0").map(String.init)
    }
}

/// Why git did not do what it was asked for.
enum GitCommandError: RollerError {
    case notRun([String], why: String)
    case failed([String], said: String)

    var message: String {
        switch self {
        case .notRun(let arguments, let why): "cannot run `git \(arguments.first ?? "")`: \(why)"
        case .failed(let arguments, let said):
            "`git \(arguments.first ?? "")` failed: " + said.split(separator: "\n").joined(separator: "\n  ")
        }
    }

    var hint: String? {
        switch self {
        case .notRun: "install git, or put it into PATH"
        case .failed: nil
        }
    }
}
