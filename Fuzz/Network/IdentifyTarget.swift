import LibP2P

/// What peers tell of themselves, in one message or several, and their signed records.
enum IdentifyTarget {
    private static let key: PublicKey = {
        guard let key = try? NodeKey(seed: [UInt8](repeating: 1, count: 32)) else { fatalError("a seed") }
        return key.publicKey
    }()

    @Sendable static func run(_ input: [UInt8]) {
        record(input)
        identity([input])
        var script = InputScript(input)
        var messages: [[UInt8]] = []
        while !script.isEmpty { messages.append(script.run()) }
        identity(messages)
    }

    private static func identity(_ messages: [[UInt8]]) {
        let peer = key.peerID
        do throws(StreamError) {
            let told = try bounded(Array(messages.joined()), factor: 128) { () throws(StreamError) in
                try IdentifyMessage.decode(messages, from: peer)
            }
            require(told.protocols.count <= IdentifyMessage.maximumProtocols, "few protocols")
            require(told.listenAddresses.count <= IdentifyMessage.maximumAddresses, "few addresses")
            for name in [told.agent, told.protocolVersion] {
                require(name.utf8.count <= IdentifyMessage.maximumName, "a short name")
                require(name.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "visible ASCII: \(name)")
            }
            let encoded = IdentifyMessage.encode(told, key: key)
            require(encoded.count <= IdentifyMessage.maximumLength, "a message that others read")
            let again = try? IdentifyMessage.decode([encoded], from: peer)
            let fits = IdentifyMessage.encode(told, key: key) == again.map { IdentifyMessage.encode($0, key: key) }
            require(again != nil && fits, "what is written is read back")
        } catch { requireOneLine(error) }
    }

    private static func record(_ input: [UInt8]) {
        guard let record = try? bounded(input, factor: 128, { PeerRecord(envelope: input) }) else { return }
        require(record.addresses.count <= PeerRecord.maximumAddresses, "few addresses")
        // The seeds have one record of this key, and nobody else can sign another.
        let isSeed = record.sequence == 7 && record.addresses.map(\.description) == ["/ip4/127.0.0.1/tcp/4001"]
        require(record.peer != key.peerID || isSeed, "number and addresses are signed: \(record)")
    }
}
