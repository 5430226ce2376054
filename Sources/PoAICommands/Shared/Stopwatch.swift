import Foundation

/// Time passed since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    /// Seconds, to the millisecond.
    var seconds: Double { (((ContinuousClock.now - start) / .seconds(1)) * 1000).rounded() / 1000 }

    /// Seconds for people.
    static func text(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }
}
