import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite(.serialized) struct SignalTests {
    @Test(arguments: Signals.Kind.allCases) func anOutlivedSignalDoesNotEndTheProcess(_ kind: Signals.Kind) throws {
        try Signals.outlive([kind])
        let number: Int32 =
            switch kind {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangUp: SIGHUP
            case .suspend: SIGTSTP
            case .brokenPipe: SIGPIPE
            case .fileSizeLimit: SIGXFSZ
            }
        #expect(raise(number) == 0)
        var found = sigaction()
        sigaction(number, nil, &found)
        #expect(found.sa_flags & SA_RESTART != 0)
        signal(number, SIG_DFL)
    }

    @Test func itIsCaughtAndNotIgnoredSoThatProgramsRunLaterCanBeEnded() throws {
        try Signals.outlive([.hangUp])
        let result = shell("grep SigIgn /proc/self/status")
        signal(SIGHUP, SIG_DFL)
        let mask = UInt64(result.output.filter(\.isHexDigit).suffix(16), radix: 16)
        #expect(mask.map { $0 & 1 } == 0, "\(result.output)")
    }
}

@Suite struct PlacesTests {
    @Test func programsDirectoriesAndMappedFilesAreFound() throws {
        try withTemporaryDirectory { directory in
            for name in ["program", "cwd", "mapped", "unused"] { try directory.makeDirectory(name) }
            let folder = try directory.resolvedPath()
            let script = """
                cd \(folder) && cp $(command -v sleep) program/rest
                program/rest 600 >/dev/null 2>&1 & echo $!
                (cd cwd && exec sleep 600 >/dev/null 2>&1) & echo $!
                cp $(command -v sleep) mapped/rest && ln -s \(folder)/mapped/rest cwd/rest
                """
            let pids = shell(script).output.split(separator: "\n").compactMap { Int32($0) }
            defer { for pid in pids { kill(pid, SIGKILL) } }
            var found: [String: Int32] = [:]
            // A shell that was forked and has not called exec yet stands elsewhere.
            for _ in 0..<1000 where found.count < 2 { found = try Processes.places(below: folder) }
            #expect(found == ["program": pids[0], "cwd": pids[1]])
        }
    }

    @Test func aPathIsToldFromOneThatBeginsLikeIt() {
        let text = """
            55d0-55d1 r-xp 00000000 08:01 42   /a/generations/7/bin/x y
            55d0-55d1 r-xp 00000000 08:01 42   /a/generations/12
            55d0-55d1 r-xp 00000000 08:01 42   /b/a/generations/3/bin/x
            55d0-55d1 r-xp 00000000 08:01 42   /a/generations.old/4/bin/x
            55d0-55d1 rw-p 00000000 00:00 0    [heap]
            """
        let names = Processes.names(after: Array("/a/generations/".utf8), in: Array(text.utf8))
        #expect(names == ["7", "12"])
    }
}
