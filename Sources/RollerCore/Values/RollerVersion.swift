/// The version of Roller: of the library and of the programs that stand on it.
public enum RollerVersion {
    /// As `--version` prints it, and as manifests and user agents carry it.
    public static let text = "0.1.0"
}
