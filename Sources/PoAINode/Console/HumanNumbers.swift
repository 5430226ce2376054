/// Numbers as people read them on the console; nothing here is parsed or hashed.
package enum HumanNumbers {
    /// Three significant digits: `0.0123`, `1.23`, `12.3`, `1230`.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return "∞" }
        var decimals = 2
        var limit = 10.0
        while decimals > 0, value.magnitude >= limit {
            decimals -= 1
            limit *= 10
        }
        var small = 1.0
        while decimals < 9, value != 0, value.magnitude < small {
            decimals += 1
            small /= 10
        }
        return fixed(value, decimals)
    }

    /// `decimals` digits after the point, rounded to nearest.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let digits = String(Int64(scaled))
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// `0.8 s`, `12 s`, `3 min 20 s`, `5 h 10 min`, `12 d 3 h`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "∞" }
        guard seconds >= 10 else { return "\(fixed(seconds, 1)) s" }
        let whole = Int64(seconds.rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(whole % 60) s"
        case ..<86_400: return "\(whole / 3600) h \(whole % 3600 / 60) min"
        default: return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
        }
    }

    /// How much of something is done, as a bar of so many characters; a share outside of 0...1 counts as the nearer end.
    package static func bar(_ share: Double, width: Int = 20) -> String {
        let done = Int((max(0, min(1, share.isNaN ? 0 : share)) * Double(width)).rounded(.down))
        return "[" + String(repeating: "█", count: done) + String(repeating: "░", count: width - done) + "]"
    }

    /// A loss in 2⁻¹⁶ nats as nats with three decimals.
    package static func nats(_ units: UInt64) -> String { fixed(Double(units) / 65536, 3) }
}
