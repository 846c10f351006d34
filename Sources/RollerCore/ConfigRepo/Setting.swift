internal import YAMLDocument

/// One setting as somebody wrote it.
public struct Setting: Hashable, Sendable {
    /// What it is called.
    public let key: SettingKey
    /// What it is set to: the whole value, never merged with another.
    public let value: Value
    /// Where the key stands.
    public let location: SourceLocation
}

/// A setting that a class leaves to the datacenter or the host.
public struct RequiredSetting: Hashable, Sendable {
    /// What it is called.
    public let key: SettingKey
    /// What kind of value it takes.
    public let type: ValueType
    /// Where the key stands.
    public let location: SourceLocation
}

extension FileReader {
    /// The settings of a datacenter, a class or a host.
    mutating func settings(_ node: YAMLNode?) -> [Setting] {
        guard let node else { return [] }
        return named(node, as: "settings", keys: SettingKey.self, of: "a setting").compactMap { name, key, node in
            value(node, of: "the setting '\(name)'").map {
                Setting(key: name, value: $0, location: location(key.range))
            }
        }
    }

    /// The settings that a class requires, each with its type.
    mutating func requiredSettings(_ node: YAMLNode?) -> [RequiredSetting] {
        guard let node else { return [] }
        return named(node, as: "required", keys: SettingKey.self, of: "a setting").compactMap { name, key, node in
            guard let text = string(node, of: "the type of '\(name)'") else { return nil }
            guard let type = ValueType(rawValue: text) else {
                let types = ValueType.allCases.map(\.rawValue)
                add(
                    .badValue, at: node.range, "'\(text)' is no type of a setting",
                    hint: nearestName(to: text, among: types).map { "did you mean '\($0)'?" }
                        ?? "the types are \(types.joined(separator: ", "))")
                return nil
            }
            return RequiredSetting(key: name, type: type, location: location(key.range))
        }
    }
}
