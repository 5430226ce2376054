import Foundation
import SwiftProtobuf

/// Why bytes are no Kademlia message.
public enum KademliaMessageError: Error, Hashable, Sendable {
    /// More bytes than allowed.
    case tooLong
    /// Not protobuf.
    case malformed
    /// A type that is not known here.
    case unknownType
    /// A record is missing.
    case noRecord
}

extension KademliaRequest {
    /// Reads a request without the length in front, in the form of libp2p/specs `kad-dht/README.md`. Of a list of peers
    /// no more than k are kept.
    /// - Throws: `KademliaMessageError`.
    public init(encoded: [UInt8], limits: KademliaLimits = KademliaLimits()) throws(KademliaMessageError) {
        let message = try PBDHTMessage(kademlia: encoded, limits: limits)
        let key = [UInt8](message.key)
        switch message.type {
        case .findNode: self = .findNode(key)
        case .ping: self = .ping
        case .getValue: self = .getValue(key)
        case .getProviders: self = .getProviders(key)
        case .addProvider: self = .addProvider(key, message.providerPeers.peers(limits))
        case .putValue:
            guard message.hasRecord else { throw .noRecord }
            self = .putValue(KademliaRecord(message.record))
        case .UNRECOGNIZED: throw .unknownType
        }
    }

    /// The protobuf form, without the length in front.
    public var encoded: [UInt8] {
        var message = PBDHTMessage()
        switch self {
        case .findNode(let key): (message.type, message.key) = (.findNode, Data(key))
        case .ping: message.type = .ping
        case .getValue(let key): (message.type, message.key) = (.getValue, Data(key))
        case .getProviders(let key): (message.type, message.key) = (.getProviders, Data(key))
        case .addProvider(let key, let peers):
            (message.type, message.key) = (.addProvider, Data(key))
            message.providerPeers = peers.map(\.message)
        case .putValue(let record):
            (message.type, message.key) = (.putValue, Data(record.key))
            message.record = record.message
        }
        return message.deterministicBytes()
    }
}

extension KademliaResponse {
    /// Reads a response without the length in front. Of a list of peers no more than k are kept, and of those the parts
    /// within the limits.
    /// - Throws: `KademliaMessageError`; `unknownType` also for types that have no answer.
    public init(encoded: [UInt8], limits: KademliaLimits = KademliaLimits()) throws(KademliaMessageError) {
        let message = try PBDHTMessage(kademlia: encoded, limits: limits)
        let closer = message.closerPeers.peers(limits)
        switch message.type {
        case .findNode: self = .nodes(closer)
        case .ping: self = .pong
        case .getValue: self = .value(message.hasRecord ? KademliaRecord(message.record) : nil, closer: closer)
        case .getProviders: self = .providers(message.providerPeers.peers(limits), closer: closer)
        case .addProvider, .putValue, .UNRECOGNIZED: throw .unknownType
        }
    }

    /// The protobuf form, without the length in front.
    public var encoded: [UInt8] {
        var message = PBDHTMessage()
        switch self {
        case .nodes(let peers): (message.type, message.closerPeers) = (.findNode, peers.map(\.message))
        case .pong: message.type = .ping
        case .value(let record, let closer):
            (message.type, message.closerPeers) = (.getValue, closer.map(\.message))
            if let record { message.record = record.message }
        case .providers(let peers, let closer):
            (message.type, message.closerPeers) = (.getProviders, closer.map(\.message))
            message.providerPeers = peers.map(\.message)
        }
        return message.deterministicBytes()
    }

    /// The response with its peers changed.
    func mapPeers(_ body: ([KademliaPeer]) -> [KademliaPeer]) -> KademliaResponse {
        switch self {
        case .nodes(let peers): .nodes(body(peers))
        case .pong: .pong
        case .value(let record, let closer): .value(record, closer: body(closer))
        case .providers(let peers, let closer): .providers(body(peers), closer: body(closer))
        }
    }
}

extension PBDHTMessage {
    fileprivate init(kademlia bytes: [UInt8], limits: KademliaLimits) throws(KademliaMessageError) {
        guard bytes.count <= limits.messageBytes else { throw .tooLong }
        guard let message = try? PBDHTMessage(serializedBytes: bytes) else { throw .malformed }
        self = message
    }
}

extension [PBDHTMessage.Peer] {
    fileprivate func peers(_ limits: KademliaLimits) -> [KademliaPeer] {
        prefix(limits.bucketSize).compactMap { peer in
            let addresses = peer.addrs.prefix(limits.addresses).map { [UInt8]($0) }
            let connection = UInt8(exactly: peer.connection.rawValue).flatMap(KademliaConnection.init) ?? .notConnected
            return limits.bounded(
                KademliaPeer(id: [UInt8](peer.id), addresses: addresses, connection: connection))
        }
    }
}

extension KademliaPeer {
    fileprivate var message: PBDHTMessage.Peer {
        var message = PBDHTMessage.Peer()
        message.id = Data(id)
        message.addrs = addresses.map { Data($0) }
        message.connection = PBDHTMessage.ConnectionType(rawValue: Int(connection.rawValue)) ?? .notConnected
        return message
    }
}

extension KademliaRecord {
    fileprivate init(_ record: PBDHTRecord) { self.init(key: [UInt8](record.key), value: [UInt8](record.value)) }

    fileprivate var message: PBDHTRecord {
        var message = PBDHTRecord()
        (message.key, message.value) = (Data(key), Data(value))
        return message
    }
}
