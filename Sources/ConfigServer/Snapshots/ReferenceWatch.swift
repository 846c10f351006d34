internal import LinuxSystem
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import SystemPackage

/// Has the keeper look as soon as a reference of the repository changes, as by a push. Where that cannot be told, such as
/// on a network file system, the poller sees it all the same.
struct ReferenceWatch: ServiceLifecycle.Service {
    let repository: FilePath
    let branch: String
    let keeper: SnapshotKeeper
    let loop: any EventLoopGroup
    let logger: Logger

    /// A push writes one reference after the other: so long they have to come together.
    private static let settling = Duration.milliseconds(3)

    func run() async throws {
        do {
            let watch = try NameWatch()
            guard directories.reduce(false, { watch.add(repository.pushing($1)) || $0 }) else { return await idle() }
            let events = try await NIOPipeBootstrap(group: loop)
                .takingOwnershipOfDescriptor(input: try watch.duplicate()) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
                    }
                }
            try await events.executeThenClose { inbound in
                try await cancelWhenGracefulShutdown {
                    for try await _ in inbound {
                        try await Task.sleep(for: Self.settling)
                        // Directories of branches come and go with them.
                        for directory in directories { _ = watch.add(repository.pushing(directory)) }
                        await keeper.look()
                    }
                }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("references not watched", metadata: ["reason": "\(error)"])
        }
        await idle()
    }

    /// The end of a service would be the end of the server.
    private func idle() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
    }

    /// The directories in which a change of the branch, or of a tag, is a change of a name.
    private var directories: [FilePath] {
        var found: [FilePath] = ["", "refs/heads", "refs/tags"]
        var place: FilePath = "refs/heads"
        for component in FilePath(branch).components.dropLast() {
            place.append(component)
            found.append(place)
        }
        return found
    }
}
