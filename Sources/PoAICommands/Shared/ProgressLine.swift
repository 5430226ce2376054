import Foundation

/// A line on standard error that is drawn again and again, on a terminal only, at most ten times a second.
final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var last: ContinuousClock.Instant?

    /// Shows a text in place of the one before.
    func show(_ text: @autoclosure () -> String) {
        guard isTerminal else { return }
        let now = ContinuousClock.now
        if let last, now - last < .milliseconds(100) { return }
        last = now
        Output.status("\r\u{1B}[2K\(text())")
    }

    /// Removes the line.
    func clear() {
        guard isTerminal, last != nil else { return }
        Output.status("\r\u{1B}[2K")
    }
}
