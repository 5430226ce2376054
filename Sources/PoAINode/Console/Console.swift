import Foundation
import Synchronization

/// Standard output of a node: whole log lines, and on a terminal one progress line that is drawn again below them.
public final class Console: Sendable {
    /// Whether standard output is a terminal and may show a progress line.
    public let isTerminal: Bool
    private let progress = Mutex("")

    /// The console of this process.
    public init(isTerminal: Bool = isatty(STDOUT_FILENO) == 1) {
        self.isTerminal = isTerminal
    }

    /// Prints a line above the progress line.
    public func print(_ line: String) {
        progress.withLock { progress in
            write((progress.isEmpty ? "" : Self.eraseLine) + line + "\n" + progress)
        }
    }

    /// Shows `line` as the progress line, cut to the terminal's width; an empty one removes it. Nothing without a terminal.
    public func showProgress(_ line: String) {
        guard isTerminal else { return }
        progress.withLock { progress in
            progress = String(line.prefix(Self.width() - 1))
            write(Self.eraseLine + progress)
        }
    }

    private static let eraseLine = "\r\u{1B}[2K"

    private static func width() -> Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
        return Int(size.ws_col)
    }

    /// Writes all of it; a closed or full output loses lines, never the node.
    private func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
