import PoAITestSupport

/// The bytes after one to three random edits: flip, set, insert, remove, or copy a run; half of the time the outer list's
/// length is made to fit again.
func mutated(_ original: [UInt8], _ random: inout DeterministicRandom) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0...2, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes[index] = [0, 0x7f, 0x80, 0x81, 0xb8, 0xc0, 0xf9, 0xff].randomElement(using: &random) ?? 0
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 4 where bytes.count > 4: bytes.remove(at: index)
        default:
            let source = Int.random(in: 0..<bytes.count, using: &random)
            let count = min(Int.random(in: 1...40, using: &random), bytes.count - max(index, source))
            bytes.replaceSubrange(index..<index + count, with: Array(bytes[source..<source + count]))
        }
    }
    if Bool.random(using: &random), bytes.count > 3 {
        let payload = bytes.count - 3
        bytes.replaceSubrange(0..<3, with: [0xf9, UInt8(truncatingIfNeeded: payload >> 8), UInt8(payload & 0xff)])
    }
    return bytes
}
