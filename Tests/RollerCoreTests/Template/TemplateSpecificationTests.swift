import FoundationEssentials
import OrderedCollections
import RollerCore
import Testing

/// The public Mustache specification's own cases (github.com/mustache/spec). They are not part of this repository:
/// `ROLLER_MUSTACHE_SPEC` names the folder of its JSON files, or they lie in `../shared/corpora/mustache`.
@Suite(
    .enabled(
        if: MustacheSpecification.folder != nil,
        "not run: the Mustache specification is not here, and ROLLER_MUSTACHE_SPEC does not say where"))
struct TemplateSpecificationTests {
    @Test(arguments: MustacheSpecification.cases.filter { MustacheSpecification.exceptions[$0.id] == nil })
    func rendersAsSpecified(_ example: MustacheSpecification.Case) throws {
        let values = try #require(example.data.value, "no value of Roller")
        let rendering = try Template.parse(example.template, file: example.id).get().render(values, escaping: .html)
        #expect(try rendering.get().text == example.expected)
    }

    @Test(arguments: MustacheSpecification.cases.filter { MustacheSpecification.exceptions[$0.id] != nil })
    func refusesWithAFindingWhatRollerLeavesOut(_ example: MustacheSpecification.Case) throws {
        let reason = try #require(MustacheSpecification.exceptions[example.id])
        guard let values = example.data.value else { return #expect(reason == .noSuchValue) }
        let rendering = Template.parse(example.template, file: example.id).flatMap {
            $0.render(values, escaping: .html)
        }
        guard case .failure(let errors) = rendering else {
            Issue.record("rendered, so it is no exception: \(reason)")
            return
        }
        #expect(errors.diagnostics.first?.code == reason.code)
    }

    @Test func everyExceptionIsACaseAndEveryFileWasRead() {
        let ids = MustacheSpecification.cases.map(\.id)
        #expect(Set(MustacheSpecification.exceptions.keys).subtracting(ids) == [])
        #expect(Set(ids.map { $0.prefix { $0 != "/" } }).sorted() == MustacheSpecification.files.map { $0[...] })
        #expect(Set(ids).count == ids.count)
    }
}

/// Where the specification lies, what it says, and where Roller differs.
enum MustacheSpecification {
    /// Why a case of the specification is an error in Roller.
    enum Reason {
        /// The specification writes nothing for a name that is not set; a configuration file must not have such holes.
        case nameNotSet
        /// Null and fractions: Roller's values have neither.
        case noSuchValue
        /// A template is one file: there are no partials.
        case noPartials

        var code: DiagnosticCode? {
            switch self {
            case .nameNotSet: .templateUnknownName
            case .noPartials: .templateSyntax
            case .noSuchValue: nil
            }
        }
    }

    static let exceptions: [String: Reason] = [
        "delimiters/Partial Inheritence": .noPartials,
        "delimiters/Post-Partial Behavior": .noPartials,
        "interpolation/Basic Decimal Interpolation": .noSuchValue,
        "interpolation/Triple Mustache Decimal Interpolation": .noSuchValue,
        "interpolation/Ampersand Decimal Interpolation": .noSuchValue,
        "interpolation/Basic Null Interpolation": .noSuchValue,
        "interpolation/Triple Mustache Null Interpolation": .noSuchValue,
        "interpolation/Ampersand Null Interpolation": .noSuchValue,
        "interpolation/Basic Context Miss Interpolation": .nameNotSet,
        "interpolation/Triple Mustache Context Miss Interpolation": .nameNotSet,
        "interpolation/Ampersand Context Miss Interpolation": .nameNotSet,
        "interpolation/Dotted Names - Broken Chains": .nameNotSet,
        "interpolation/Dotted Names - Broken Chain Resolution": .nameNotSet,
        "interpolation/Dotted Names - Context Precedence": .nameNotSet,
        "interpolation/Dotted Names are never single keys": .nameNotSet,
        "inverted/Null is falsey": .noSuchValue,
        "inverted/Context Misses": .nameNotSet,
        "inverted/Dotted Names - Broken Chains": .nameNotSet,
        "sections/Null is falsey": .noSuchValue,
        "sections/Context Misses": .nameNotSet,
        "sections/Dotted Names - Broken Chains": .nameNotSet,
        "sections/Implicit Iterator - Decimal": .noSuchValue,
    ]

    static let folder: String? = {
        if let named = ProcessInfo.processInfo.environment["ROLLER_MUSTACHE_SPEC"] { return named }
        // Tests/RollerCoreTests/Template/<this file>, four levels below the package's root.
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let beside = root.deletingLastPathComponent().appendingPathComponent("shared/corpora/mustache").path
        return FileManager.default.fileExists(atPath: beside) ? beside : nil
    }()

    static let files = ["comments", "delimiters", "interpolation", "inverted", "sections"]

    /// Empty without a folder. A folder that cannot be read whole gives too few, which a test finds.
    static let cases: [Case] = files.flatMap { name in
        guard let folder, let json = FileManager.default.contents(atPath: "\(folder)/\(name).json"),
            let file = try? JSONDecoder().decode(File.self, from: json)
        else { return [Case]() }
        return file.tests.map { test in
            Case(id: "\(name)/\(test.name)", data: test.data, template: test.template, expected: test.expected)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let data: Data
        let template: String
        let expected: String
        var testDescription: String { id }
    }

    private struct File: Decodable {
        let tests: [Test]
        struct Test: Decodable {
            let name: String
            let data: Data
            let template: String
            let expected: String
        }
    }

    /// The values of a case, as far as they are values of Roller: it has neither null nor fractions.
    struct Data: Decodable, Sendable {
        let value: Value?

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                value = nil
            } else if let flag = try? single.decode(Bool.self) {
                value = .bool(flag)
            } else if let number = try? single.decode(Int.self) {
                value = .int(number)
            } else if let text = try? single.decode(String.self) {
                value = .string(text)
            } else if let elements = try? single.decode([Data].self) {
                let values = elements.compactMap(\.value)
                value = values.count == elements.count ? .list(values) : nil
            } else if let entries = try? single.decode([String: Data].self) {
                let values = entries.sorted { $0.key < $1.key }.compactMap { entry in
                    entry.value.value.map { (entry.key, $0) }
                }
                value = values.count == entries.count ? .map(OrderedDictionary(uniqueKeysWithValues: values)) : nil
            } else {
                value = nil
            }
        }
    }
}
