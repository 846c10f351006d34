import Glibc
import Testing

@testable import Transfer

@Suite("SIGPIPE")
struct BrokenPipeTests {
    /// Unguarded, this ends the test process.
    @Test("a write to a closed pipe is an error, and no signal, then or later")
    func brokenPipe() throws {
        signal(SIGPIPE, SIG_DFL)
        var set = sigset_t()
        var before = sigset_t()
        sigaddset(&set, SIGPIPE)
        pthread_sigmask(SIG_UNBLOCK, &set, &before)  // the threads of the pool hold all signals back
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { close(ends[1]) }
        close(ends[0])
        let (written, error) = withoutBrokenPipeSignal { (write(ends[1], "x", 1), errno) }
        #expect(written == -1)
        #expect(error == EPIPE)
        var now = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &now)
        #expect(sigismember(&now, SIGPIPE) == 0)
    }
}
