/// A file that a class brings along: below `files/<class>/` in the repository, below the prefix on a host.
public struct ClassFile: Hashable, Sendable {
    /// Where it goes, below the prefix; without `.mustache`.
    public let path: TreePath
    /// Where it stands in the repository.
    public let source: String
    /// The template that is rendered with the host's settings; nil for a file that is copied as it is.
    public let template: Template?
    /// Whether git says that it can be run.
    public let isExecutable: Bool
    /// Its contents, before rendering.
    public let bytes: [UInt8]

    static let templateSuffix = ".mustache"
    /// All files of a class together. What is larger is a package.
    static let limit = ByteCount(4 << 20)

    /// The file at `below` of a class's folder, and what is wrong with its name, its kind or its template.
    static func read(
        _ file: RepoFile, below: String, as source: String
    ) -> (file: ClassFile?, findings: [Diagnostic]) {
        switch file.kind {
        case .file, .executable: break
        case .unreadable(let why): return (nil, [ConfigRepo.unreadable(source, why)])
        case .symlink, .submodule:
            let isLink = file.kind == .symlink
            let what = isLink ? "a symbolic link" : "a submodule"
            return (
                nil,
                [
                    Diagnostic(
                        .notAPlainFile, at: SourceLocation(file: source),
                        "'\(below)' is \(what), and a class brings plain files",
                        hint: isLink ? "put links into a package" : "put its files here, or make a package of them")
                ]
            )
        }
        let isTemplate = below.hasSuffix(templateSuffix)
        let text = isTemplate ? String(below.dropLast(templateSuffix.count)) : below
        guard let path = TreePath(text) else {
            return (
                nil,
                [
                    Diagnostic(
                        .badFilePath, at: SourceLocation(file: source), "'\(text)' cannot be a path below the prefix",
                        hint: "use \(TreePath.rule)")
                ]
            )
        }
        var template: Template?
        var findings: [Diagnostic] = []
        if isTemplate {
            switch parseTemplate(file.bytes, file: source) {
            case .success(let parsed): template = parsed
            case .failure(let errors): findings = errors.diagnostics
            }
        }
        let classFile = ClassFile(
            path: path, source: source, template: template, isExecutable: file.kind == .executable, bytes: file.bytes)
        return (classFile, findings)
    }

    /// The template that `bytes` hold; bytes that are no text are a finding.
    static func parseTemplate(_ bytes: [UInt8], file: String) -> Result<Template, TemplateErrors> {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(
                TemplateErrors(diagnostics: [
                    Diagnostic(
                        .templateSyntax, at: SourceLocation(file: file), "the template is not UTF-8 text",
                        hint: "drop .mustache from its name, and it is copied as it is")
                ]))
        }
        return Template.parse(text, file: file)
    }
}
