internal import Glibc

/// Lets this process open as many files and connections as its hard limit allows.
/// - Returns: How many those are.
func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    let before = limit.rlim_cur
    limit.rlim_cur = min(limit.rlim_max, 1 << 20)
    // Where a sandbox forbids it, the limit there was is still there.
    let isRaised = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    return Int(isRaised ? limit.rlim_cur : before)
}
