// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: the strictest reading of the language that the toolchain offers, and no warning left standing.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// All but the wrappers of C libraries: an unsafe pointer cannot slip in unmarked.
let strictAndSafe: [SwiftSetting] = strict + [.strictMemorySafety()]

func system(_ name: String, _ pkgConfig: String, apt package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let collections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "roller",
    products: [
        .executable(name: "roller-config-server", targets: ["ConfigServer"]),
        .executable(name: "roll", targets: ["Roll"]),
        .executable(name: "rollerctl", targets: ["RollerCtl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // C libraries: a module map and shim.h each, no Swift.
        system("CLibYAML", "yaml-0.1", apt: "libyaml-dev"),
        system("CLibGit2", "libgit2", apt: "libgit2-dev"),
        system("CLibArchive", "libarchive", apt: "libarchive-dev"),
        system("CLibCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        system("CZlib", "zlib", apt: "zlib1g-dev"),
        // System calls that the Glibc module does not export.
        .target(name: "CLinux"),

        // Wrappers: each alone imports its C library, and knows nothing of Roller.
        .target(name: "YAMLDocument", dependencies: ["CLibYAML"], swiftSettings: strict),
        .target(name: "GitRepository", dependencies: ["CLibGit2", systemPackage], swiftSettings: strict),
        .target(name: "LinuxSystem", dependencies: ["CLinux", systemPackage], swiftSettings: strict),
        .target(
            name: "Tarball", dependencies: ["CLibArchive", "LinuxSystem", crypto, systemPackage], swiftSettings: strict),
        .target(name: "Transfer", dependencies: ["CLibCurl", crypto, systemPackage], swiftSettings: strict),
        .target(name: "Gzip", dependencies: ["CZlib"], swiftSettings: strict),

        // Objects in a bucket, over Transfer; knows nothing of Roller either.
        .target(
            name: "S3", dependencies: ["Transfer", "LinuxSystem", crypto, systemPackage], swiftSettings: strictAndSafe),

        // Every decision, and no I/O.
        .target(
            name: "RollerCore", dependencies: ["YAMLDocument", collections, crypto, systemPackage],
            swiftSettings: strictAndSafe),

        // The config repository out of git, into RollerCore's values.
        .target(
            name: "ConfigSource", dependencies: ["RollerCore", "GitRepository", "LinuxSystem", systemPackage],
            swiftSettings: strictAndSafe),

        // The three programs.
        .executableTarget(
            name: "ConfigServer",
            dependencies: [
                "RollerCore", "ConfigSource", "GitRepository", "YAMLDocument", "LinuxSystem", "Tarball", "Gzip", "S3",
                "Transfer", arguments,
                collections, crypto, logging, subprocess, systemPackage,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: strictAndSafe),
        .executableTarget(
            name: "Roll",
            dependencies: [
                "RollerCore", "LinuxSystem", "Tarball", "Transfer", arguments, collections, crypto, subprocess, logging,
                systemPackage,
            ], swiftSettings: strictAndSafe),
        .executableTarget(
            name: "RollerCtl",
            dependencies: [
                "RollerCore", "ConfigSource", "GitRepository", "LinuxSystem", "Tarball", "Transfer", arguments,
                collections, crypto, subprocess, systemPackage,
            ], swiftSettings: strictAndSafe),

        .testTarget(name: "YAMLDocumentTests", dependencies: ["YAMLDocument"], swiftSettings: strict),
        .testTarget(name: "GitRepositoryTests", dependencies: ["GitRepository", systemPackage], swiftSettings: strict),
        .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem", systemPackage], swiftSettings: strict),
        .testTarget(
            name: "TarballTests", dependencies: ["Tarball", "LinuxSystem", crypto, systemPackage], swiftSettings: strict
        ),
        .testTarget(name: "TransferTests", dependencies: ["Transfer", systemPackage], swiftSettings: strict),
        .testTarget(
            name: "S3Tests", dependencies: ["S3", "Transfer", "LinuxSystem", crypto, subprocess, systemPackage],
            exclude: ["Vectors"], swiftSettings: strict),
        .testTarget(name: "GzipTests", dependencies: ["Gzip"], swiftSettings: strict),
        .testTarget(
            name: "RollerCoreTests", dependencies: ["RollerCore", "YAMLDocument", collections, systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "ConfigSourceTests",
            dependencies: ["ConfigSource", "GitRepository", "LinuxSystem", "RollerCore", systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "ConfigServerTests",
            dependencies: [
                "ConfigServer", "RollerCore", "GitRepository", "Gzip", "LinuxSystem", "S3", "Tarball", "Transfer",
                "YAMLDocument", arguments, collections, crypto, logging, subprocess, systemPackage,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ], swiftSettings: strict),
        .testTarget(
            name: "RollTests",
            dependencies: ["Roll", "RollerCore", "LinuxSystem", "Tarball", arguments, subprocess, systemPackage],
            swiftSettings: strict),
        .testTarget(
            name: "RollerCtlTests",
            dependencies: [
                "RollerCtl", "RollerCore", "GitRepository", "LinuxSystem", "Tarball", subprocess, systemPackage,
            ], swiftSettings: strict),
        // The built programs on real repositories, real HTTP and real services.
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["RollerCore", "Transfer", "LinuxSystem", subprocess, systemPackage],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
