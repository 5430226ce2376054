import ArgumentParser
import Foundation

/// The program `poaid` as its `main.swift` starts it.
public enum Program {
    /// Parses the process's arguments, runs the command they name and ends the process with its exit code.
    public static func main() -> Never {
        prepareSignals()
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs one command to its end and returns the exit code: 0, 1 for a failure, 64 for arguments that make no sense.
    ///
    /// Whatever goes wrong is one line on standard error: `error: thing: what (way out)`.
    public static func run(_ arguments: [String]) -> Int32 {
        do {
            try UnknownCommand.check(arguments)
            var command = try Poaid.parseAsRoot(arguments)
            return end(of: Result { try command.run() }, arguments)
        } catch {
            return report(parsing: error, of: arguments)
        }
    }

    /// Writing into a closed pipe or above a file size limit shall be an error of the write, not the process's end.
    private static func prepareSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    private static func end(of result: Result<Void, any Error>, _ arguments: [String]) -> Int32 {
        switch result {
        case .success: return ExitCode.success.rawValue
        case .failure(let code as ExitCode): return code.rawValue
        case .failure(let error):
            // Not a failure but a request for help, or an argument that turned out wrong: as when parsing.
            guard Poaid.exitCode(for: error) == .failure else { return report(parsing: error, of: arguments) }
            Output.error("\(error)")
            return ExitCode.failure.rawValue
        }
    }

    /// Help and version go to standard output; everything else is an error about the arguments. Refusals of our own end
    /// with the way out in parentheses; the parser's get the place where to look.
    private static func report(parsing error: any Error, of arguments: [String]) -> Int32 {
        let code = Poaid.exitCode(for: error)
        guard code != .success else {
            Output.line(Poaid.fullMessage(for: error))
            return code.rawValue
        }
        let message = Poaid.message(for: error)
        Output.error(message.hasSuffix(")") ? message : "\(message) ('\(helpCall(for: arguments))' explains it)")
        return code.rawValue
    }

    /// The call that explains the command these arguments name: `poaid help model fetch`; without one, of the default.
    private static func helpCall(for arguments: [String]) -> String {
        var path: [any ParsableCommand.Type] = [Poaid.self]
        for word in arguments {
            let next = path.last?.configuration.subcommands.first { $0.configuration.commandName == word }
            guard let next else { break }
            path.append(next)
        }
        let names = path.count > 1 ? Array(path.dropFirst()) : [RunCommand.self]
        return (["poaid", "help"] + names.compactMap { $0.configuration.commandName }).joined(separator: " ")
    }
}
