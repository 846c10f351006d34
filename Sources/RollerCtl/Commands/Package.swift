import ArgumentParser

/// The commands about packages.
struct Package: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds, shows, checks and publishes packages.",
        subcommands: [PackageBuild.self, PackageInspect.self, PackageVerify.self, PackagePublish.self])
}
