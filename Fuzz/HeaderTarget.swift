import PoAIPrimitives
import PoAITypes

/// The header decoder, which is written by hand for speed: it agrees with the generic RLP codec about every input.
enum HeaderTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(HeaderDecodingError) {
            let header = try BlockHeader(rlp: input)
            check(header, encoding: input)
        } catch {
            requireOneLine(error)
        }
        // Decoding from the middle of a buffer must not depend on where it lies.
        let padded = [0xf9] + input + [0]
        require((try? BlockHeader(rlp: padded.dropFirst().dropLast())) == (try? BlockHeader(rlp: input)), "slices")
    }

    /// What holds for a header that was decoded from `encoding`.
    static func check(_ header: BlockHeader, encoding: [UInt8]) {
        require(header.rlpEncoded() == encoding, "what was accepted encodes to the same bytes")
        guard let item = try? RLP.decode(encoding) else { fatalError("broken: a header is canonical RLP") }
        require(item == .list(header.rlpItems()), "the generic codec reads the same items")
        require(header.hash == Keccak256.hash(encoding), "the hash is that of the bytes")
        require((try? BlockHeader(rlp: encoding)) == header, "decoding again gives the same")
        var resealed = header
        (resealed.mixHash, resealed.nonce, resealed.loss) = (.zero, ~header.nonce, ~header.loss)
        require(resealed.sealHash == header.sealHash, "the seal hash does not cover mixHash, nonce and loss")
        require(resealed.hash != header.hash, "the hash does")
        var other = header
        other.timestamp = ~header.timestamp
        require(other.sealHash != header.sealHash, "the seal hash covers the other fields")
    }
}
