internal import Logging
internal import RollerCore
internal import Synchronization
internal import SystemPackage

/// The tokens of a file, read anew when it changes.
final class LiveTokens: Sendable {
    private struct State {
        var tokens: Tokens
        /// What was refused last, so that it is told once.
        var refused: TokensError?
    }

    private let path: FilePath?
    private let state: Mutex<State>

    /// - Parameter path: The file; nil where nobody may write.
    init(_ path: FilePath?, logger: Logger) throws(TokensError) {
        self.path = path
        guard let path else {
            state = Mutex(State(tokens: .none))
            return
        }
        let (tokens, isReadable) = try Tokens.load(path)
        if isReadable { logger.warning("tokens file readable by others", metadata: ["path": "\(path)"]) }
        state = Mutex(State(tokens: tokens))
    }

    /// Checks the value of an Authorization header, against the tokens as they are now.
    func check(_ authorization: String?, for scope: TokenScope) throws(RequestError) {
        try state.withLock { $0.tokens }.check(authorization, for: scope, now: .now)
    }

    /// Reads the file. One that cannot be used changes nothing: a mistake must not lock out who would mend it.
    func renew(_ logger: Logger) {
        guard let path else { return }
        do throws(TokensError) {
            let (tokens, _) = try Tokens.load(path)
            let isNew = state.withLock { state in
                defer { (state.tokens, state.refused) = (tokens, nil) }
                return state.tokens != tokens
            }
            if isNew { logger.info("tokens read anew", metadata: ["count": "\(tokens.tokens.count)"]) }
        } catch {
            let isNew = state.withLock { state in
                defer { state.refused = error }
                return state.refused != error
            }
            guard isNew else { return }
            logger.error("new tokens file refused", metadata: ["reason": "\(explain(error))"])
        }
    }
}
