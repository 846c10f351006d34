import ArgumentParser

/// The commands about packages.
struct Package: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds, imports, shows, compares, checks and publishes packages.",
        subcommands: [
            PackageBuild.self, PackageImport.self, PackageInspect.self, PackageDiff.self, PackageVerify.self,
            PackagePublish.self,
        ])
}
