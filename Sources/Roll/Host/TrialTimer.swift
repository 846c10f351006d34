import LinuxSystem
import RollerCore
import Subprocess
import SystemPackage

/// Has `roll recover` run when a trial's time is over: by a timer of systemd, or a process that only sleeps. Either may be
/// lost; the end of the trial is on disk, and the next roll or boot sees to it.
struct TrialTimer {
    let home: RollerHome
    let report: Report

    func set(_ trial: Trial, now: Int) async {
        do {
            // A second later, so that nobody comes too early.
            let seconds = max(0, try trial.remaining(at: now).components.seconds) + 1
            let roll = try Processes.ownProgram().string
            let recover = [roll, "recover", "--quiet", "--wait", "--prefix", home.prefix.string]
            if try hasSystemd(),
                try await run(
                    "systemd-run",
                    [
                        "--quiet", "--collect", "--unit=roller-trial-\(trial.generation)-\(now)",
                        "--on-active=\(seconds)s", "--timer-property=AccuracySec=1s", "--",
                    ] + recover)
            {
                return
            }
            let isSet = try await run(
                "setsid", ["--fork", "/bin/sh", "-c", "sleep \(seconds); exec \"$0\" \"$@\""] + recover)
            if !isSet {
                report.warning("setsid failed; the next `roll` or `roll recover` after the trial's end goes back")
            }
        } catch {
            report.warning(
                "no timer could be set; the next `roll` or `roll recover` after the trial's end goes back: \(explain(error))"
            )
        }
    }

    private func hasSystemd() throws -> Bool {
        guard Accounts.effectiveUser == 0, let run = try? Directory.open("/run/systemd") else { return false }
        return try run.status(of: "system") != nil
    }

    /// False when it failed, which it may where systemd is there and cannot be reached.
    private func run(_ program: String, _ arguments: [String]) async throws -> Bool {
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), workingDirectory: "/", input: .none, output: .discarded,
            error: .discarded)
        return result.terminationStatus.isSuccess
    }
}
