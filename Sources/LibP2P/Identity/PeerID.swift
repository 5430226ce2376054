/// Why text or bytes are not a peer id.
public enum PeerIDError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is not in its base.
    case badText(BaseError)
    /// Not a multihash of a supported function.
    case badMultihash(MultihashError)
    /// An identity multihash of something else than a public key that is short enough to stand for itself.
    case badInlineKey
    /// CID text that is not a CIDv1 of the codec libp2p-key in base32.
    case badCID

    /// One line for a person.
    public var description: String {
        switch self {
        case .badText(let error): error.description
        case .badMultihash(let error): error.description
        case .badInlineKey: "the peer id holds no public key of at most \(PeerID.longestInlineKey) bytes"
        case .badCID: "the text is not a CIDv1 of the codec libp2p-key in base32"
        }
    }
}

/// Who a peer is: the multihash of its encoded public key
/// (https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md).
public struct PeerID: Hashable, Sendable, CustomStringConvertible {
    /// The longest encoded key that is itself part of the id, in bytes.
    public static let longestInlineKey = 42

    /// CIDv1, codec libp2p-key.
    private static let cidPrefix: [UInt8] = [0x01, 0x72]

    /// The multihash.
    public let bytes: [UInt8]

    /// The public key, when the id holds it.
    public let inlineKey: PublicKey?

    /// The id of the peer with `key`.
    public init(_ key: PublicKey) {
        let encoded = key.encoded
        let isInline = encoded.count <= Self.longestInlineKey
        bytes = (isInline ? Multihash(identity: encoded) : Multihash(sha256Of: encoded)).bytes
        inlineKey = isInline ? key : nil
    }

    /// Reads a multihash.
    /// - Throws: `badMultihash`, `badInlineKey`.
    public init(bytes: [UInt8]) throws(PeerIDError) {
        let multihash: Multihash
        do throws(MultihashError) { multihash = try Multihash(bytes: bytes) } catch { throw .badMultihash(error) }
        self.bytes = bytes
        guard multihash.function == .identity else {
            inlineKey = nil
            return
        }
        guard multihash.digest.count <= Self.longestInlineKey, let key = try? PublicKey(encoded: multihash.digest)
        else { throw .badInlineKey }
        inlineKey = key
    }

    /// Reads base58 text (`12D3Koo…`, `Qm…`) or CIDv1 text (`bafz…`).
    /// - Throws: `PeerIDError`.
    public init(_ text: some StringProtocol) throws(PeerIDError) {
        let isCID = text.utf8.first == UInt8(ascii: "b")
        let decoded: [UInt8]
        do throws(BaseError) {
            decoded = isCID ? try Base32.decode(text.dropFirst()) : try Base58.decode(text)
        } catch { throw .badText(error) }
        guard isCID else {
            try self.init(bytes: decoded)
            return
        }
        guard decoded.starts(with: Self.cidPrefix) else { throw .badCID }
        try self.init(bytes: Array(decoded.dropFirst(Self.cidPrefix.count)))
    }

    /// Base58, the usual form.
    public var description: String { Base58.encode(bytes) }

    /// CIDv1 in base32.
    public var cid: String { "b" + Base32.encode(Self.cidPrefix + bytes) }
}
