internal import Logging
internal import NIOSSL
internal import RollerCore
internal import Synchronization

/// The certificate in use: read anew when its files are. Connections keep the one they began with.
final class LiveTLS: Sendable {
    private struct State: Sendable {
        var material: TLSMaterial
        /// What was refused last, so that it is told once.
        var refused: TLSError?
    }

    let files: TLSFiles
    private let state: Mutex<State>

    init(_ files: TLSFiles, logger: Logger) throws(TLSError) {
        self.files = files
        guard let material = try TLSMaterial.read(files) else { preconditionFailure("nothing is known yet") }
        if material.isKeyReadableByOthers {
            logger.warning("key readable by others", metadata: ["path": "\(files.key)"])
        }
        state = Mutex(State(material: material))
    }

    /// For a new connection.
    var context: NIOSSLContext { state.withLock { $0.material.context } }
    /// When the certificate in use ends, in seconds since 1970.
    var expiry: Int { state.withLock { $0.material.expiry } }
    /// Why what the files hold now is not what is in use; nil where it is.
    var refusal: TLSError? { state.withLock { $0.refused } }

    /// Reads the files; what cannot be used changes nothing but the log.
    func renew(_ logger: Logger) {
        do throws(TLSError) {
            let material = try TLSMaterial.read(files, unless: state.withLock { $0.material.digest })
            state.withLock { state in
                state.refused = nil
                if let material { state.material = material }
            }
            guard let material else { return }
            logger.info("certificate renewed", metadata: ["until": "\(UTCTime(seconds: material.expiry).iso8601)"])
        } catch {
            let isNew = state.withLock { state in
                defer { state.refused = error }
                return state.refused != error
            }
            guard isNew else { return }
            logger.error(
                "new certificate refused",
                metadata: ["reason": "\(explain(error))", "hint": "\(error.hint ?? "")"])
        }
    }
}
