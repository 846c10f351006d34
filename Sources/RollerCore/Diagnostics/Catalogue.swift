extension DiagnosticCode {
    /// What there is to know about this code.
    public var explanation: CodeExplanation {
        switch self {
        case .notARepository: .notARepository
        case .unexpectedFile: .unexpectedFile
        case .badName: .badName
        case .unsupportedFormat: .unsupportedFormat
        case .notAPlainFile: .notAPlainFile
        case .yamlSyntax: .yamlSyntax
        case .yamlDuplicateKey: .yamlDuplicateKey
        case .yamlAmbiguousScalar: .yamlAmbiguousScalar
        case .yamlForbidden: .yamlForbidden
        case .yamlTooLarge: .yamlTooLarge
        case .yamlText: .yamlText
        case .unknownKey: .unknownKey
        case .missingKey: .missingKey
        case .wrongType: .wrongType
        case .badValue: .badValue
        case .undeclaredSetting: .undeclaredSetting
        case .requiredSettingMissing: .requiredSettingMissing
        case .settingTypeMismatch: .settingTypeMismatch
        case .unsupportedValue: .unsupportedValue
        case .lockMissing: .lockMissing
        case .lockStale: .lockStale
        case .pathConflict: .pathConflict
        case .packageMissing: .packageMissing
        case .packageChanged: .packageChanged
        case .unknownHostclass: .unknownHostclass
        case .unknownDatacenter: .unknownDatacenter
        case .unknownRelease: .unknownRelease
        case .releaseMoved: .releaseMoved
        case .platformMissing: .platformMissing
        case .unknownGroup: .unknownGroup
        case .hostsTrailer: .hostsTrailer
        case .badService: .badService
        case .serviceUsesNothing: .serviceUsesNothing
        case .templateSyntax: .templateSyntax
        case .templateUnknownName: .templateUnknownName
        case .templateWrongType: .templateWrongType
        case .templateTooLarge: .templateTooLarge
        case .badFilePath: .badFilePath
        case .badMode: .badMode
        case .reservedAccount: .reservedAccount
        case .reservedNumber: .reservedNumber
        case .numberTaken: .numberTaken
        case .badKey: .badKey
        case .sharedKey: .sharedKey
        case .unknownUser: .unknownUser
        case .memberGone: .memberGone
        case .unusedHostclass: .unusedHostclass
        case .unusedSetting: .unusedSetting
        case .unusedDatacenterSetting: .unusedDatacenterSetting
        case .unusedReleases: .unusedReleases
        case .emptyDatacenter: .emptyDatacenter
        }
    }
}

/// Files that examples change.
enum ExampleFile {
    static let root = "roller.yml"
    static let datacenter = "datacenters/snc1.yml"
    static let hostclass = "hostclasses/web.yml"
    static let lock = "hostclasses/web.lock.yml"
    static let template = "files/web/etc/web.conf.mustache"
    static let host = "hosts/web-01.example.com.yml"
    static let user = "users/ann.yml"
    static let group = "groups/ops.yml"
}
