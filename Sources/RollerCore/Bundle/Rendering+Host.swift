internal import OrderedCollections

/// A class's file as it will be on a host.
public struct RenderedFile: Hashable, Sendable {
    /// Where it goes, below the prefix.
    public let path: TreePath
    /// Its contents.
    public let bytes: [UInt8]
    /// Its mode and owner.
    public let mode: ModeAndOwner
    /// Where each part of a rendered text came from; nil for a file that is copied.
    public let rendering: Rendering?

    /// This file with the mode that the class declares for it, if it does.
    func applying(_ modes: [TreePath: ModeAndOwner]) -> RenderedFile {
        guard let mode = modes[path] else { return self }
        return RenderedFile(path: path, bytes: bytes, mode: mode, rendering: rendering)
    }
}

extension Bundle {
    /// Renders the class's files for this host, as the server did when it made the bundle.
    /// - Throws: Every finding at once. After a lint there is none; a host refuses what it cannot render all the same.
    public func renderFiles() throws(TemplateErrors) -> [RenderedFile] {
        let scope = renderingScope(
            host: host, datacenter: datacenter, release: release, platform: platform, settings: settings)
        var classFiles: [ClassFile] = []
        var findings: [Diagnostic] = []
        for file in files {
            let source = source(of: file)
            var template: Template?
            if file.template {
                switch ClassFile.parseTemplate(file.contents.bytes, file: source) {
                case .success(let parsed): template = parsed
                case .failure(let errors): findings += errors.diagnostics
                }
            }
            classFiles.append(
                ClassFile(
                    path: file.path, source: source, template: template, isExecutable: file.executable,
                    bytes: file.contents.bytes))
        }
        let (rendered, renderFindings) = render(classFiles, scope)
        findings += renderFindings
        guard !findings.hasErrors else { throw TemplateErrors(diagnostics: findings) }
        return rendered.map { $0.applying(modes) }
    }

    /// Where a file of the class stands in the repository, at the release.
    func source(of file: File) -> String {
        "\(release):files/\(release.hostclass)/\(file.path)\(file.template ? ClassFile.templateSuffix : "")"
    }
}

/// The names that templates see: the settings, and what Roller itself knows of the host.
func renderingScope(host: Host, platform: Platform, settings: [EffectiveSetting]) -> Value {
    renderingScope(
        host: host.name, datacenter: host.datacenter, release: host.release, platform: platform,
        settings: settings.asMap)
}

private func renderingScope(
    host: HostName, datacenter: DatacenterName, release: ReleaseReference, platform: Platform, settings: Value
) -> Value {
    guard case .map(var names) = settings else { preconditionFailure("settings are a map") }
    names["roller"] = .map([
        "host": .string(host.rawValue), "datacenter": .string(datacenter.rawValue),
        "hostclass": .string(release.hostclass.rawValue), "release": .string(release.rawValue),
        "platform": .string(platform.rawValue),
    ])
    return .map(names)
}

/// Renders each file that is a template; others are as they are.
func render(_ files: [ClassFile], _ scope: Value) -> (files: [RenderedFile], findings: [Diagnostic]) {
    var rendered: [RenderedFile] = []
    var findings: [Diagnostic] = []
    for file in files {
        let mode = ModeAndOwner(executable: file.isExecutable)
        guard let template = file.template else {
            rendered.append(RenderedFile(path: file.path, bytes: file.bytes, mode: mode, rendering: nil))
            continue
        }
        switch template.render(scope) {
        case .success(let rendering):
            rendered.append(
                RenderedFile(path: file.path, bytes: Array(rendering.text.utf8), mode: mode, rendering: rendering))
        case .failure(let errors): findings += errors.diagnostics
        }
    }
    return (rendered, findings)
}

/// The services of a class with every text rendered.
func renderServices(
    of hostclass: Hostclass, _ scope: Value
) -> (services: [Service], findings: [Diagnostic]) {
    var findings: [Diagnostic] = []
    let services = hostclass.services.map { located in
        // Without a tag, every host has the same.
        guard !located.templates.isEmpty else { return located.service }
        var texts = ServiceTexts(scope: scope, templates: located.templates)
        defer { findings += texts.findings }
        return texts.render(located)
    }
    return (services, findings)
}

private struct ServiceTexts {
    let scope: Value
    let templates: [String: Template]
    var findings: [Diagnostic] = []

    mutating func render(_ located: LocatedService) -> Service {
        let service = located.service
        let place = located.location
        let supervisor: Service.Supervisor =
            switch service.supervisor {
            case .systemd: service.supervisor
            case .commands(let start, let stop, let reload, let timeout):
                .commands(
                    start: render(start, place), stop: render(stop, place), reload: reload.map { render($0, place) },
                    timeout: timeout)
            }
        return Service(
            name: service.name, supervisor: supervisor, uses: service.uses, reloadOn: service.reloadOn,
            validate: service.validate.map { render($0, place) },
            checks: service.checks.map { HealthCheck(render($0.probe, place), within: $0.within) })
    }

    private mutating func render(_ probe: HealthCheck.Probe, _ place: SourceLocation) -> HealthCheck.Probe {
        switch probe {
        case .http(let url): .http(render(url, place))
        case .tcp(let address): .tcp(render(address, place))
        case .run(let words): .run(render(words, place))
        }
    }

    private mutating func render(_ words: [String], _ place: SourceLocation) -> [String] {
        words.map { render($0, place) }
    }

    private mutating func render(_ text: String, _ place: SourceLocation) -> String {
        guard let template = templates[text] else { return text }
        switch template.render(scope) {
        case .success(let rendering): return rendering.text
        case .failure(let errors):
            findings += errors.diagnostics.map { $0.moved(to: place, from: text) }
            return text
        }
    }
}
