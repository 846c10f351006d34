internal import RollerCore
internal import ServiceLifecycle

/// Has a bucket followed for as long as the server runs.
struct ReplicationFollower: ServiceLifecycle.Service {
    let replicator: Replicator

    func run() async throws {
        await cancelWhenGracefulShutdown { await replicator.follow() }
    }
}

extension ServedSnapshot {
    /// The builds that hosts of a datacenter get, by the releases that they are on.
    func packages(neededIn datacenter: DatacenterName) -> Set<PackageKey> {
        var platforms: [ReleaseReference: Set<Platform>] = [:]
        for host in snapshot.repo.hosts.values where host.datacenter == datacenter {
            guard let platform = host.platform ?? snapshot.repo.datacenters[datacenter]?.platform else { continue }
            platforms[host.release, default: []].insert(platform)
        }
        var keys = Set<PackageKey>()
        for (reference, platforms) in platforms {
            guard case .found(let release, _)? = snapshot.releases[reference], let lock = release.tree.lock else {
                continue
            }
            for package in lock.packages {
                for platform in platforms {
                    guard let build = lock.build(of: package.name, for: platform) else { continue }
                    keys.insert(PackageKey(name: package.name, version: package.version, platform: build.platform))
                }
            }
        }
        return keys
    }
}
