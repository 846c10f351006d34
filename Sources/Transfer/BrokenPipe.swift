internal import Glibc

/// Runs `body` with SIGPIPE held back on this thread. OpenSSL writes to sockets without MSG_NOSIGNAL, so a server that
/// hangs up would end the process; libcurl's own guard changes the handler of the whole process, and CURLOPT_NOSIGNAL,
/// which threads need, turns it off.
func withoutBrokenPipeSignal<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    var pipe = sigset_t()
    var before = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer {
        if !wasPending {
            var noWait = timespec()
            while sigtimedwait(&pipe, nil, &noWait) == -1, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return try body()
}
