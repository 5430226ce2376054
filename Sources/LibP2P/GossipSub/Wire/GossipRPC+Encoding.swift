import Foundation
import SwiftProtobuf

extension GossipRPC {
    /// The protobuf form.
    public var encoded: [UInt8] {
        var rpc = PBRPC()
        rpc.subscriptions = subscriptions.map { subscription in
            var options = PBRPC.SubOpts()
            options.subscribe = subscription.subscribe
            options.topicid = subscription.topic
            return options
        }
        rpc.publish = messages.map(\.protobuf)
        if !control.isEmpty { rpc.control = control.protobuf }
        return rpc.deterministicBytes()
    }
}

extension GossipMessage {
    /// The protobuf of the message.
    var protobuf: PBMessage {
        var message = PBMessage()
        if let source { message.from = Data(source) }
        message.data = Data(data)
        if let sequenceNumber { message.seqno = Data(sequenceNumber) }
        message.topic = topic
        if let signature { message.signature = Data(signature) }
        if let key { message.key = Data(key) }
        return message
    }
}

extension GossipControl {
    /// The protobuf of the control messages.
    var protobuf: PBControlMessage {
        var control = PBControlMessage()
        control.ihave = have.map { have in
            var message = PBControlIHave()
            message.topicID = have.topic
            message.messageIds = have.ids.map { Data($0) }
            return message
        }
        control.iwant = want.map { ids in
            var message = PBControlIWant()
            message.messageIds = ids.map { Data($0) }
            return message
        }
        control.graft = graft.map { topic in
            var message = PBControlGraft()
            message.topicID = topic
            return message
        }
        control.prune = prune.map(\.protobuf)
        control.idontwant = dontWant.map { ids in
            var message = PBControlIDontWant()
            message.messageIds = ids.map { Data($0) }
            return message
        }
        return control
    }
}

extension GossipPrune {
    /// The protobuf of the prune.
    var protobuf: PBControlPrune {
        var prune = PBControlPrune()
        prune.topicID = topic
        prune.peers = peers.map { info in
            var message = PBPeerInfo()
            message.peerID = Data(info.peer)
            if let record = info.signedRecord { message.signedPeerRecord = Data(record) }
            return message
        }
        if let backoff { prune.backoff = backoff }
        return prune
    }
}
