/// The stable codes of findings. The hundreds name the subject: 00 layout, 01 YAML, 02 values and settings,
/// 03 packages and locks, 04 releases and hosts, 05 services, 06 files and templates, 07 people, 08 what does nothing.
public enum DiagnosticCode: String, Hashable, Sendable, CaseIterable {
    // Layout of the repository.
    case notARepository = "RLR0001"
    case unexpectedFile = "RLR0002"
    case badName = "RLR0003"
    case unsupportedFormat = "RLR0004"
    case notAPlainFile = "RLR0005"

    // YAML, before anything is known of its meaning.
    case yamlSyntax = "RLR0101"
    case yamlDuplicateKey = "RLR0102"
    case yamlAmbiguousScalar = "RLR0103"
    case yamlForbidden = "RLR0104"
    case yamlTooLarge = "RLR0105"
    case yamlText = "RLR0106"

    // Keys, values and settings.
    case unknownKey = "RLR0201"
    case missingKey = "RLR0202"
    case wrongType = "RLR0203"
    case badValue = "RLR0204"
    case undeclaredSetting = "RLR0205"
    case requiredSettingMissing = "RLR0206"
    case settingTypeMismatch = "RLR0207"
    case unsupportedValue = "RLR0208"

    // Packages and locks.
    case lockMissing = "RLR0302"
    case lockStale = "RLR0303"
    case pathConflict = "RLR0304"
    case packageMissing = "RLR0305"
    case packageChanged = "RLR0306"

    // Releases, hosts and what they refer to.
    case unknownHostclass = "RLR0401"
    case unknownDatacenter = "RLR0402"
    case unknownRelease = "RLR0403"
    case releaseMoved = "RLR0404"
    case platformMissing = "RLR0405"
    case unknownGroup = "RLR0406"
    case hostsTrailer = "RLR0407"

    // Services.
    case badService = "RLR0501"
    case serviceUsesNothing = "RLR0502"

    // Files and templates.
    case templateSyntax = "RLR0601"
    case templateUnknownName = "RLR0602"
    case templateWrongType = "RLR0603"
    case templateTooLarge = "RLR0606"
    case badFilePath = "RLR0604"
    case badMode = "RLR0605"

    // People.
    case reservedAccount = "RLR0701"
    case reservedNumber = "RLR0702"
    case numberTaken = "RLR0703"
    case badKey = "RLR0704"
    case sharedKey = "RLR0705"
    case unknownUser = "RLR0706"
    case memberGone = "RLR0707"

    // What is there and does nothing.
    case unusedHostclass = "RLR0801"
    case unusedSetting = "RLR0802"
    case unusedDatacenterSetting = "RLR0803"
    case unusedReleases = "RLR0804"
    case emptyDatacenter = "RLR0805"

    /// How bad a finding with this code is, unless the check that makes it says otherwise.
    public var severity: Severity {
        switch self {
        case .sharedKey: .warning
        case .unusedHostclass, .unusedSetting, .unusedDatacenterSetting, .unusedReleases, .emptyDatacenter: .note
        default: .error
        }
    }
}
