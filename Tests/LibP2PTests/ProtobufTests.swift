import Foundation
import LibP2P
import PoAITestSupport
import SwiftProtobuf
import Testing

/// The generated messages: bytes as other implementations write them, worked out by hand from the specs' field numbers.
@Suite struct ProtobufTests {
    @Test func identify() throws {
        var message = PBIdentify()
        message.publicKey = Data([1])
        message.listenAddrs = [Data([2]), Data([3])]
        message.protocols = ["/a"]
        message.observedAddr = Data([4])
        message.protocolVersion = "p"
        message.agentVersion = "g"
        message.signedPeerRecord = Data([8])
        let bytes: [UInt8] =
            [0x0A, 1, 1, 0x12, 1, 2, 0x12, 1, 3, 0x1A, 2, 0x2F, 0x61, 0x22, 1, 4, 0x2A, 1, 0x70, 0x32, 1, 0x67]
            + [0x42, 1, 8]
        #expect(message.deterministicBytes() == bytes)
        #expect(try PBIdentify(serializedBytes: bytes) == message)
    }

    @Test func gossipsub() throws {
        var rpc = PBRPC()
        rpc.subscriptions = [
            .with {
                $0.subscribe = true; $0.topicid = "t"
            }
        ]
        rpc.publish = [
            .with {
                $0.from = Data([1])
                $0.data = Data([2])
                $0.seqno = Data([3])
                $0.topic = "t"
                $0.signature = Data([5])
                $0.key = Data([6])
            }
        ]
        rpc.control.ihave = [
            .with {
                $0.topicID = "t"; $0.messageIds = [Data([0xFF])]
            }
        ]
        rpc.control.iwant = [.with { $0.messageIds = [Data([0xFE])] }]
        rpc.control.graft = [.with { $0.topicID = "t" }]
        rpc.control.prune = [
            .with {
                $0.topicID = "t"; $0.peers = [.with { $0.peerID = Data([9]) }]; $0.backoff = 60
            }
        ]
        rpc.control.idontwant = [.with { $0.messageIds = [Data([0xFD])] }]
        let subscription: [UInt8] = [0x0A, 5, 8, 1, 0x12, 1, 0x74]
        let publish: [UInt8] =
            [0x12, 18, 0x0A, 1, 1, 0x12, 1, 2, 0x1A, 1, 3, 0x22, 1, 0x74, 0x2A, 1, 5, 0x32, 1, 6]
        let gossip: [UInt8] = [0x0A, 6, 0x0A, 1, 0x74, 0x12, 1, 0xFF, 0x12, 3, 0x0A, 1, 0xFE]
        let mesh: [UInt8] = [0x1A, 3, 0x0A, 1, 0x74, 0x22, 10, 0x0A, 1, 0x74, 0x12, 3, 0x0A, 1, 9, 0x18, 60]
        let control = gossip + mesh + [0x2A, 3, 0x0A, 1, 0xFD]
        let bytes = subscription + publish + [0x1A, UInt8(control.count)] + control
        #expect(rpc.deterministicBytes() == bytes)
        #expect(try PBRPC(serializedBytes: bytes) == rpc)
    }

    @Test func kademlia() throws {
        var message = PBDHTMessage()
        message.type = .findNode
        message.key = Data([1])
        message.record = .with {
            $0.key = Data([2]); $0.value = Data([3]); $0.timeReceived = "t"
        }
        message.closerPeers = [
            .with {
                $0.id = Data([4]); $0.addrs = [Data([5])]; $0.connection = .canConnect
            }
        ]
        message.providerPeers = [.with { $0.id = Data([6]) }]
        message.clusterLevelRaw = 7
        let record: [UInt8] = [0x1A, 9, 0x0A, 1, 2, 0x12, 1, 3, 0x2A, 1, 0x74]
        let peers: [UInt8] = [0x42, 8, 0x0A, 1, 4, 0x12, 1, 5, 0x18, 2, 0x4A, 3, 0x0A, 1, 6]
        let bytes: [UInt8] = [8, 4, 0x12, 1, 1] + record + peers + [0x50, 7]
        #expect(message.deterministicBytes() == bytes)
        #expect(try PBDHTMessage(serializedBytes: bytes) == message)
    }

    @Test func envelopeAndRecord() throws {
        var record = PBPeerRecord()
        record.peerID = Data([1])
        record.seq = 300
        record.addresses = [.with { $0.multiaddr = Data([2]) }]
        #expect(record.deterministicBytes() == [0x0A, 1, 1, 0x10, 0xAC, 2, 0x1A, 3, 0x0A, 1, 2])
        var envelope = PBEnvelope()
        envelope.publicKey = .with {
            $0.type = .ed25519; $0.data = Data([9])
        }
        envelope.payloadType = Data([3, 1])
        envelope.payload = Data([4])
        envelope.signature = Data([5])
        #expect(
            envelope.deterministicBytes() == [0x0A, 5, 8, 1, 0x12, 1, 9, 0x12, 2, 3, 1, 0x1A, 1, 4, 0x2A, 1, 5])
        #expect(try PBEnvelope(serializedBytes: envelope.deterministicBytes()) == envelope)
    }

    /// The committed code is that of the committed definitions: each definition names a file, and each file a definition.
    @Test func eachDefinitionHasItsCode() throws {
        let folder = PackageRoot.file("Sources/LibP2P/Protobuf")
        let names = { (part: String, suffix: String) in
            try Set(
                FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path)
                    .filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) })
        }
        #expect(try names("proto", ".proto") == names("Generated", ".pb.swift"))
    }
}
