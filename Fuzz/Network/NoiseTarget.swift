import Crypto
import LibP2P

/// Noise: the payload of a handshake, a handshake whose messages are changed on their way, and changed frames after it.
enum NoiseTarget {
    private static let keys = (seed(1), seed(2))
    private static let noiseKey = [UInt8](repeating: 7, count: 32)

    private static func seed(_ number: UInt8) -> NodeKey {
        guard let key = try? NodeKey(seed: [UInt8](repeating: number, count: 32)) else { fatalError("a seed") }
        return key
    }

    @Sendable static func run(_ input: [UInt8]) {
        var script = InputScript(input)
        switch script.below(4) {
        case 0: payload(script.remainder())
        case 1: stranger(&script)
        case 2: talk(&script)
        default: frames(&script)
        }
    }

    /// Only who holds the key of a payload can make it.
    private static func payload(_ bytes: [UInt8]) {
        do throws(NoiseError) {
            let identity = try bounded(bytes, factor: 128) { () throws(NoiseError) in
                try NoiseIdentity(payload: bytes, noiseKey: noiseKey)
            }
            require((try? PublicKey(encoded: identity.key.encoded)) == identity.key, "the key is read back")
            require((1...NoiseIdentity.maximumMuxers).contains(identity.streamMuxers?.count ?? 1), "few muxers")
            require(
                (try? NoiseIdentity(payload: bytes, noiseKey: Array(noiseKey.dropLast()) + [8])) == nil, "one Noise key"
            )
        } catch { requireOneLine(error) }
    }

    /// Bytes that were not made for the handshake never end it.
    private static func stranger(_ script: inout InputScript) {
        var side = NoiseHandshake(script.below(2) == 0 ? .initiator : .responder, identity: keys.0)
        _ = try? side.start()
        let length = 1 + script.below(256)
        do throws(NoiseError) {
            for part in pieces(script.remainder(), of: length) {
                for case .established in try side.receive(part) { require(false, "a handshake with nobody") }
            }
        } catch { requireOneLine(error) }
    }

    /// A whole handshake of which one message is changed.
    private static func talk(_ script: inout InputScript) {
        var initiator = NoiseHandshake(.initiator, identity: keys.0, expected: keys.1.peerID, streamMuxers: ["/a"])
        var responder = NoiseHandshake(.responder, identity: keys.1, streamMuxers: ["/a"])
        let hit = script.below(3)
        var (isChanged, added): (Bool, [UInt8]?) = (false, [])
        func change(_ number: Int, _ message: [UInt8]) -> [UInt8] {
            guard number == hit else { return message }
            let changed = edit(message, &script)
            isChanged = changed != message
            added = changed.starts(with: message) ? Array(changed.dropFirst(message.count)) : nil
            return changed
        }
        do throws(NoiseError) {
            var ends: (NoiseConnection?, NoiseConnection?)
            let answer = sent(by: try responder.receive(change(0, try initiator.start())), &ends.1)
            let last = sent(by: answer.isEmpty ? [] : try initiator.receive(change(1, answer)), &ends.0)
            let arrived = last.isEmpty ? [] : change(2, last)
            _ = sent(by: arrived.isEmpty ? [] : try responder.receive(arrived), &ends.1)
            // What comes after the last message that a side reads belongs to the session.
            require(ends.1 == nil || !isChanged || hit > 0 && added != nil, "message \(hit) was changed and taken")
            require(ends.1 != nil || isChanged, "good messages end the handshake")
            guard let accepted = ends.1 else { return }
            require(accepted.remotePeer == keys.0.peerID && accepted.streamMuxer == "/a", "the initiator")
            require((hit == 1 ? ends.0 : accepted)?.leftOver == added, "the rest")
        } catch {
            requireOneLine(error)
            require(isChanged, "good messages are taken: \(error)")
        }
    }

    private static func sent(by actions: [NoiseAction], _ end: inout NoiseConnection?) -> [UInt8] {
        var bytes: [UInt8] = []
        for action in actions {
            switch action {
            case .send(let message): bytes += message
            case .established(let connection): end = connection
            }
        }
        return bytes
    }

    /// Flips, cuts and adds.
    private static func edit(_ bytes: [UInt8], _ script: inout InputScript) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<(1 + script.below(3)) {
            let place = script.number() % (bytes.count + 1)
            switch script.below(4) {
            case 0 where place < bytes.count: bytes[place] ^= script.byte()
            case 1: bytes = Array(bytes.prefix(place))
            case 2: bytes.insert(contentsOf: script.bytes(script.below(40)), at: place)
            default: bytes += script.bytes(script.below(40))
            }
        }
        return bytes
    }

    /// What is read is the beginning of what was written, however the frames are cut.
    private static func frames(_ script: inout InputScript) {
        let cipher = CipherState(key: SymmetricKey(data: noiseKey))
        var sender = NoiseSession(sending: cipher, receiving: cipher)
        var receivers = (sender, sender)
        let plaintext = (1...3).flatMap { [UInt8](repeating: $0, count: 30) }
        var sealed: [UInt8] = []
        for part in pieces(plaintext, of: 30) { sealed += (try? sender.seal(part)) ?? [] }
        let arrived = edit(sealed, &script)
        let whole = try? receivers.0.open(arrived)
        var read: [UInt8]? = []
        for part in pieces(arrived, of: 1 + script.below(100)) {
            guard let more = try? receivers.1.open(part) else {
                read = nil
                break
            }
            read? += more
            require(plaintext.starts(with: read ?? []), "what was written")
        }
        require(whole == read, "how the frames are cut changes nothing")
        require(arrived != sealed || whole == plaintext, "good frames are read")
    }
}
