import CSecp256k1

/// The curve's constants and the one libsecp256k1 context of the process.
public enum Secp256k1 {
    /// The group order n.
    public static let order = UInt256(
        0xBFD2_5E8C_D036_4141, 0xBAAE_DCE6_AF48_A03B, 0xFFFF_FFFF_FFFF_FFFE, 0xFFFF_FFFF_FFFF_FFFF)

    /// n / 2 rounded down: the largest s of a canonical signature (EIP-2).
    public static let halfOrder = order >> 1

    static var context: OpaquePointer { sharedContext.pointer }
    private static let sharedContext = Secp256k1Context()
}

/// Made once, blinded with fresh randomness against side channels, then only read, which libsecp256k1 allows from any
/// thread.
private final class Secp256k1Context: @unchecked Sendable {
    let pointer: OpaquePointer

    init() {
        guard let made = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)) else {
            preconditionFailure("libsecp256k1 makes a context or aborts")
        }
        let blinded = secp256k1_context_randomize(made, randomBytes32())
        precondition(blinded == 1, "libsecp256k1 cannot blind its context")
        pointer = made
    }
}

/// 32 bytes of the operating system's secure randomness.
func randomBytes32() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
}
