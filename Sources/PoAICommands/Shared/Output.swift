import Foundation

/// What the commands print: results on standard output, everything else on standard error.
///
/// Bytes are written at once and unbuffered. A reader that went away (`poaid quiz | head`) ends the process quietly; a
/// disk that is full ends it with an error.
enum Output {
    /// Where output goes instead, in tests.
    @TaskLocal static var capture: CapturedOutput?

    /// A line of the result.
    static func line(_ text: String = "") { write(Array((text + "\n").utf8)) }

    /// Part of the result, as it is.
    static func write(_ bytes: [UInt8]) {
        if let capture { return capture.append(bytes, toError: false) }
        guard let code = writeAll(bytes, to: STDOUT_FILENO) else { return }
        // 141 is what a shell reports for a process that SIGPIPE ended.
        guard code != EPIPE else { exit(141) }
        error("standard output: \(String(cString: strerror(code))) (free disk space, or send the output elsewhere)")
        exit(1)
    }

    /// A message for the person in front of the screen.
    static func note(_ text: String) { status(text + "\n") }

    /// Part of such a message, as it is. What cannot be written is lost.
    static func status(_ text: String) {
        let bytes = Array(text.utf8)
        if let capture { return capture.append(bytes, toError: true) }
        _ = writeAll(bytes, to: STDERR_FILENO)
    }

    /// What went wrong and the way out, in one line.
    static func error(_ text: String) {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        note("error: \(line.hasPrefix("error: ") ? String(line.dropFirst(7)) : line)")
    }

    /// Nil, or the errno that stopped the writing.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return errno }
                rest = rest.dropFirst(count)
            }
            return nil
        }
    }
}
