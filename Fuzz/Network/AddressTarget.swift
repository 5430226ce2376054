import LibP2P

/// Addresses, peer ids and public keys, in text and in bytes: what is taken is written again in the same form.
enum AddressTarget {
    @Sendable static func run(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        bytesOfAddress(input)
        textOfAddress(text)
        peerID(input, text)
        publicKey(input)
    }

    private static func bytesOfAddress(_ input: [UInt8]) {
        do throws(MultiaddrError) {
            let address = try bounded(input, factor: 128) { () throws(MultiaddrError) in try Multiaddr(bytes: input) }
            require(address.bytes == input, "an address has the bytes it was read from")
            require((try? Multiaddr(address.description)) == address, "its text is read back: \(address)")
        } catch { requireOneLine(error) }
    }

    private static func textOfAddress(_ text: String) {
        do throws(MultiaddrError) {
            let address = try Multiaddr(text)
            require((try? Multiaddr(address.description)) == address, "the text is read back: \(address)")
            require((try? Multiaddr(bytes: address.bytes)) == address, "the bytes are read back: \(address)")
            require(!address.description.utf8.contains { $0 <= 32 || $0 >= 127 }, "visible ASCII: \(address)")
        } catch { requireOneLine(error) }
    }

    private static func peerID(_ input: [UInt8], _ text: String) {
        do throws(PeerIDError) {
            let id = try PeerID(bytes: input)
            require(id.bytes == input, "an id has the bytes it was read from")
            require((try? PeerID(id.description)) == id && (try? PeerID(id.cid)) == id, "both texts are read back")
            if let key = id.inlineKey { require(key.peerID == id, "the id of the key in it") }
        } catch { requireOneLine(error) }
        do throws(PeerIDError) {
            let id = try PeerID(text)
            require(id.description == text || id.cid == text, "the text of an id is one of its two")
        } catch { requireOneLine(error) }
    }

    private static func publicKey(_ input: [UInt8]) {
        do throws(KeyError) {
            let key = try PublicKey(encoded: input)
            require(key.encoded == input, "a key has the bytes it was read from")
            require((try? PeerID(bytes: key.peerID.bytes)) == key.peerID, "its id is read back")
            require(!key.isValidSignature(input, for: input), "nobody signed")
        } catch { requireOneLine(error) }
    }
}
