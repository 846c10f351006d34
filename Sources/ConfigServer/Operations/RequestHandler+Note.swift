internal import HTTPTypes
internal import Logging
internal import RollerCore

extension RequestHandler {
    /// Counts a request and tells the log of it. No header is ever told: tokens are among them.
    func note(
        _ request: HTTPRequest, _ pattern: String, _ response: HTTPResponse, took: Duration, _ connection: Connection
    ) {
        metrics.count(pattern, .init(request.method.rawValue), status: response.status.code, took: took)
        logger.log(
            level: logsRequests ? .info : .debug, "request",
            metadata: [
                "method": "\(request.method)", "route": "\(pattern)", "path": "\(request.path ?? "")",
                "status": "\(response.status.code)", "took": "\(took.brief)", "client": "\(connection.address)",
                "bytes": "\(response.headerFields[.contentLength] ?? "")",
            ])
    }
}
