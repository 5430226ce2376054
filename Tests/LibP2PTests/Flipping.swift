extension Array where Element == UInt8 {
    /// The bytes with one bit changed, counted from the first byte's lowest.
    func flipping(_ bit: Int) -> [UInt8] {
        var changed = self
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        return changed
    }
}
