import PoAIPrimitives

/// The hashes a header carries for lists that are empty (docs/spec/consensus.md, "Header"); the same values as Ethereum's.
public enum EmptyRoots {
    /// Hash of the empty uncle list: Keccak-256 of the RLP empty list, `0x1dcc4de8...49347`.
    public static let uncles = Keccak256.hash([0xc0])

    /// Root of the empty Merkle-Patricia trie: Keccak-256 of the RLP empty string, `0x56e81f17...b421`.
    public static let trie = Keccak256.hash([0x80])
}
