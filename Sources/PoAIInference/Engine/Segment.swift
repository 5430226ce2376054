/// One sequence's share of a batch: which rows of the batch it has, where it stands in its sequence, and where its keys
/// and values of the layer at work are.
struct Segment {
    /// Rows of the batch.
    let rows: Range<Int>
    /// Position in the sequence of the first row.
    let start: Int
    /// Keys and values of position 0 in layer 0: f32 [layer][position][kvWidth].
    let keys: UnsafeMutablePointer<Float>
    let values: UnsafeMutablePointer<Float>
    /// Floats from one layer's keys to the next; 0 when layers share the room, as in a pass that keeps no cache.
    let layerStride: Int
}
