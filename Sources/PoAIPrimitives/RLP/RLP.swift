/// Recursive length prefix, Ethereum's serialization (Yellow Paper, appendix B). Decoding takes canonical input only: what
/// decodes encodes to the same bytes.
public enum RLP {
    /// Lists within lists that `decode` follows unless told otherwise.
    public static let defaultDepthLimit = 64

    /// Items, lists included, that `decode` creates unless told otherwise: each costs some tens of bytes of memory for as
    /// little as one byte of input.
    public static let defaultItemLimit = 1 << 20
}
