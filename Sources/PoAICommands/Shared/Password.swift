import Foundation
import PoAIWallet

/// Passwords of keystores: from a file, or asked for on the terminal without showing what is typed.
enum Password {
    /// Bytes that a password may have.
    static let limit = 1024

    /// The password in a file, without the line break at its end; without a file, one that is asked for.
    ///
    /// - Parameter isNew: it is for a new keystore, so it is asked for twice and must not be empty.
    static func read(file: String?, isNew: Bool) throws -> [UInt8] {
        let password = try file.map(fromFile) ?? fromTerminal(isNew: isNew)
        if isNew, password.isEmpty { throw Failure("\(file ?? "password"): it is empty (choose a password)") }
        return password
    }

    private static func fromFile(_ path: String) throws -> [UInt8] {
        var bytes = try SecretFile.read(path, limit: limit)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    private static func fromTerminal(isNew: Bool) throws -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1, Output.capture == nil else {
            throw Failure("password: there is no terminal to ask for it on (name a file with --password-file)")
        }
        let password = try ask(isNew ? "Password for the new keystore: " : "Password of the keystore: ")
        if isNew, try ask("The same again: ") != password {
            throw Failure("password: the two are not the same (try again)")
        }
        return password
    }

    /// One line typed with the terminal's echo, line editing and signals off, so that nothing can end the program before
    /// the terminal is as it was.
    private static func ask(_ prompt: String) throws -> [UInt8] {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw Failure("password: the terminal does not let it be asked for (name a file with --password-file)")
        }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        // Before the prompt, since it drops what was typed until then: an answer to the prompt must not get lost.
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        Output.status(prompt)
        let typed = line()
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        Output.status("\n")
        guard let typed else { throw Failure("password: stopped (nothing was done)") }
        return typed
    }

    /// Bytes up to Enter; nil for Ctrl-C or a terminal that went away.
    private static func line() -> [UInt8]? {
        var typed: [UInt8] = []
        while typed.count < limit {
            var byte: UInt8 = 0
            let count = Foundation.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            switch byte {
            case 0x0a, 0x0d: return typed
            case 0x03, 0x04: return nil
            case 0x08, 0x7f: removeLastCharacter(&typed)
            case 0x15: typed.removeAll()
            default: typed.append(byte)
            }
        }
        return typed
    }

    /// The last character of UTF-8 text.
    private static func removeLastCharacter(_ typed: inout [UInt8]) {
        while let byte = typed.popLast(), byte & 0xc0 == 0x80 {}
    }
}
