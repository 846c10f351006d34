internal import Glibc

/// Lets this process open as many files and connections as its hard limit allows.
/// - Returns: How many those are.
func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    limit.rlim_cur = min(limit.rlim_max, 1 << 20)
    // Fails for no process that may ask at all; the limit there was is then still there.
    if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { return 1024 }
    return Int(limit.rlim_cur)
}
