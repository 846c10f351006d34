internal import CLinux

/// The machine's processors, as far as they are this process's.
public enum Processors {
    /// How many of them it may run on (sched_getaffinity(2)); nil where the kernel does not say. More threads than that,
    /// each at work, hold locks that the others wait for while they do not run.
    public static var usable: Int? {
        let count = Int(linux_usable_processors())
        return count > 0 ? count : nil
    }
}
