import Foundation

/// Time passed since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    /// Seconds, to the millisecond.
    var seconds: Double { (((ContinuousClock.now - start) / .seconds(1)) * 1000).rounded() / 1000 }

    /// Seconds for people.
    static func text(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }
}

/// Decimal fractions for people.
enum DecimalText {
    /// With so many digits behind the point.
    static func of(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", number) }
}
