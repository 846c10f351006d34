import SystemPackage

/// The built `rollerctl`, for what git must be able to call. It lies beside the tests' own program.
func builtRollerctl() -> FilePath? {
    FilePath("/proc/self/exe").resolved.map { $0.removingLastComponent().appending("rollerctl") }
}
