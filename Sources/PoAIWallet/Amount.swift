import PoAIPrimitives

/// Amounts of money: wei are whole numbers; 1 POAI is 10^18 wei.
public enum Amount {
    /// Decimal places of POAI.
    public static let decimals = 18

    /// Wei as POAI: exact, without needless zeros. 1500000000000000000 is "1.5".
    public static func poai(_ wei: UInt256) -> String {
        let digits = wei.description
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        let whole = padded.dropLast(decimals)
        var fraction = padded.suffix(decimals)
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
    }

    /// POAI as wei; nil unless `text` is digits with at most one point and at most 18 digits behind it, of less than 2^256
    /// wei.
    public static func wei(_ text: String) -> UInt256? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, fraction.utf8.count <= decimals else { return nil }
        return UInt256(decimal: whole + fraction + String(repeating: "0", count: decimals - fraction.utf8.count))
    }
}
