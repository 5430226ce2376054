import Foundation

/// Another program, run to its end in this process's terminal and process group, so that Ctrl-C reaches it too.
struct ChildProcess {
    /// How it ended.
    enum Ending: Equatable {
        case exited(Int32)
        case signaled(Int32)
    }

    /// Runs a program of the PATH without standard input. Its standard output goes to our standard error, which keeps ours
    /// for results; with `isSilent` both of its outputs go nowhere.
    ///
    /// While it runs, this process does not end on SIGINT or SIGTERM: the caller cleans up once the child has ended.
    /// - Throws: the errno when it cannot be started, ENOENT when there is no such program.
    static func run(_ program: String, _ arguments: [String], isSilent: Bool = false) throws(POSIXErrno) -> Ending {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        if isSilent {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        }
        let attributes = SpawnAttributes()
        // A handler, not SIG_IGN: the child starts with handlers reset to the default, but would inherit ignoring.
        let old = [SIGINT, SIGTERM].map { ($0, signal($0) { _ in }) }
        defer { for (number, handler) in old { signal(number, handler) } }

        var words = ([program] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var child = pid_t()
        let code = posix_spawnp(&child, program, &actions, &attributes.value, words, environ)
        guard code == 0 else { throw POSIXErrno(code: code) }
        return try wait(for: child)
    }

    private static func wait(for child: pid_t) throws(POSIXErrno) -> Ending {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw POSIXErrno(code: errno) }
        }
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
    }
}

/// What the operating system answered.
struct POSIXErrno: Error, Equatable {
    let code: Int32
}

/// Gives the child the default reaction to the signals that this process ignores.
private final class SpawnAttributes {
    var value = posix_spawnattr_t()

    init() {
        posix_spawnattr_init(&value)
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&value, &signals)
        posix_spawnattr_setflags(&value, Int16(POSIX_SPAWN_SETSIGDEF))
    }

    deinit { posix_spawnattr_destroy(&value) }
}
