import ArgumentParser

/// Hooks of git that lint.
struct Hook: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lets git lint before a commit, and a server before it takes a push.",
        subcommands: [HookInstall.self, HookRun.self])
}
