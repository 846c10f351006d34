internal import RollerCore

extension Server {
    /// Makes ready what a server needs before it can open its repository: the mirror, where it follows an upstream.
    static func prepare(_ options: ServerOptions) async throws(StartError) {
        guard let upstream = options.upstream else { return }
        if let problem = MirrorCommand.problem(with: upstream) { throw .upstream(.badURL(upstream, why: problem)) }
        do throws(UpstreamError) {
            try await MirrorCommand(mirror: options.repository, limit: options.fetchLimit).prepare()
        } catch {
            throw .upstream(error)
        }
    }
}
