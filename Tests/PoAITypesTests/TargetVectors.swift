// Written by scripts/consensus_vectors.py; do not edit.

enum TargetVectors {
    /// Thousandths of the hash space, compact target.
    static let thousandths: [(count: Int, bits: UInt32)] = [
        (1, 0x1f41_8937),
        (2, 0x2000_8312),
        (25, 0x2006_6666),
        (100, 0x2019_9999),
        (333, 0x2055_3f7c),
        (500, 0x2100_8000),
        (501, 0x2100_8041),
        (999, 0x2100_ffbe),
        (1000, 0x2100_ffff),
    ]
}
