internal import RollerCore

/// `/openapi.yaml`: what there is to ask for, for programs.
struct OpenAPIRoutes: Sendable {
    private let yaml = View(OpenAPIDocument.value, as: .yaml)
    private let json = View(OpenAPIDocument.value, as: .json)

    var routes: [Route] {
        [
            .get("/openapi.yaml") { [yaml] _ in Answer(yaml) },
            .get("/openapi.json") { [json] _ in Answer(json) },
        ]
    }
}
