/// Median time past (docs/spec/consensus.md, "Timestamps").
public enum MedianTime {
    /// The median of the timestamps: the element at index count / 2 in ascending order; 0 for none.
    ///
    /// - Parameter timestamps: of the last headers up to the parent, in any order, in seconds.
    public static func median(_ timestamps: [UInt64]) -> UInt64 {
        guard !timestamps.isEmpty else { return 0 }
        return timestamps.sorted()[timestamps.count / 2]
    }
}
