import Foundation
import NIOCore

/// Carries the messages of one network interface to and from an `MDNSLink`, which decides everything.
final class MDNSHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private var link: MDNSLink
    private let interface: MDNSInterface
    private let group: SocketAddress
    private let addresses: @Sendable () -> [Multiaddr]
    private let found: @Sendable (PeerID, [Multiaddr]) -> Void
    private let epoch: NIODeadline
    private var timer: Scheduled<Void>?
    private var random = SystemRandomNumberGenerator()

    /// `link` counts time from `epoch`.
    init(
        _ link: MDNSLink, _ interface: MDNSInterface, group: SocketAddress, epoch: NIODeadline,
        addresses: @escaping @Sendable () -> [Multiaddr], found: @escaping @Sendable (PeerID, [Multiaddr]) -> Void
    ) {
        (self.link, self.interface, self.group, self.epoch) = (link, interface, group, epoch)
        (self.addresses, self.found) = (addresses, found)
    }

    private var now: Duration { .nanoseconds((NIODeadline.now() - epoch).nanoseconds) }

    /// Asks for the first time; the channel is in the group already.
    func begin(_ context: ChannelHandlerContext) {
        let actions = link.tick(at: now) { [addresses, interface] in addresses().map(interface.specified) }
        perform(actions, context)
        timer?.cancel()
        let wait = max(.zero, link.nextDeadline - now)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(wait)) {
            let (handler, context) = bound.value
            handler.begin(context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        // All messages of multicast DNS come from its port and from the same network; others want an answer of their own
        // or are forged.
        guard envelope.remoteAddress.port == MDNSService.port,
            let source = envelope.remoteAddress.ipAddress.flatMap({ IPv4($0) }), interface.contains(source.bytes)
        else { return }
        let before = link.nextDeadline
        perform(link.received(Array(envelope.data.readableBytesView), at: now, using: &random), context)
        if link.nextDeadline < before { begin(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    /// A message that could not be sent is lost, as others are on the way; the next one may do.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    private func perform(_ actions: [MDNSLink.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let message):
                guard let bytes = message.encoded else { continue }
                let envelope = AddressedEnvelope(
                    remoteAddress: group, data: context.channel.allocator.buffer(bytes: bytes))
                context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
            case .found(let peer, let addresses): found(peer, addresses)
            }
        }
    }
}
