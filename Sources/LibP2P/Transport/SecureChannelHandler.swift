import NIOCore

/// Who is at the other end of an upgraded connection, and which muxer is agreed.
public struct UpgradedPeer: Hashable, Sendable {
    /// The key of the other side.
    public let key: PublicKey
    /// The protocol name of the stream muxer.
    public let streamMuxer: String

    /// Who the other side is.
    public var id: PeerID { key.peerID }
}

/// Upgrades a connection and encrypts it from then on: bytes of the network on one side, the muxer's bytes on the other.
/// All decisions are `ConnectionUpgrade`'s and `NoiseSession`'s; this only carries bytes.
public final class SecureChannelHandler: ChannelDuplexHandler {
    /// Encrypted bytes of the peer.
    public typealias InboundIn = ByteBuffer
    /// Decrypted bytes of the peer.
    public typealias InboundOut = ByteBuffer
    /// Bytes of the muxer.
    public typealias OutboundIn = ByteBuffer
    /// Encrypted bytes for the peer.
    public typealias OutboundOut = ByteBuffer

    /// Called on the event loop when the upgrade is done, before the first byte for the muxer is passed on: the place to
    /// add the muxer's handler.
    public typealias Install = @Sendable (UpgradedPeer, any Channel) throws -> Void

    private enum State {
        case waiting(ConnectionUpgrade)
        case upgrading(ConnectionUpgrade)
        case secured(NoiseSession)
        case ended
    }

    private var state: State
    private let limit: TimeAmount
    private let outcome: EventLoopPromise<UpgradedPeer>
    private let install: Install
    private var timeout: Scheduled<Void>?

    /// `limit` is the time for the whole upgrade. `outcome` is completed exactly once.
    public init(
        _ upgrade: ConnectionUpgrade, limit: TimeAmount, outcome: EventLoopPromise<UpgradedPeer>,
        install: @escaping Install
    ) {
        state = .waiting(upgrade)
        self.limit = limit
        self.outcome = outcome
        self.install = install
    }

    /// Begins at once when the connection is there already.
    public func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    /// Begins.
    public func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    /// Takes bytes of the network.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch state {
        case .upgrading(var upgrade):
            do throws(UpgradeError) {
                let actions = try upgrade.receive(Array(bytes.readableBytesView))
                state = .upgrading(upgrade)
                for action in actions { perform(action, context) }
            } catch { end(context, .upgrade(error)) }
        case .secured(var session):
            state = .ended  // so that there is one copy of the session's bytes
            do throws(NoiseError) {
                let plaintexts = try session.open(bytes)
                state = .secured(session)
                for plaintext in plaintexts { passOn(plaintext, context) }
            } catch { end(context, .session(error)) }
        case .waiting, .ended: break
        }
    }

    /// Encrypts bytes of the muxer.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .secured(var session) = state else {
            promise?.fail(TransportError.notUpgraded)
            return
        }
        do throws(NoiseError) {
            let frames = try session.seal(unwrapOutboundIn(data))
            state = .secured(session)
            context.write(wrapOutboundOut(frames), promise: promise)
        } catch {
            promise?.fail(TransportError.session(error))
            end(context, .session(error))
        }
    }

    /// Ends.
    public func channelInactive(context: ChannelHandlerContext) {
        end(context, .closed)
        context.fireChannelInactive()
    }

    /// Ends.
    public func handlerRemoved(context: ChannelHandlerContext) { end(context, .closed) }

    private func begin(_ context: ChannelHandlerContext) {
        guard case .waiting(var upgrade) = state else { return }
        let first = upgrade.start()
        state = .upgrading(upgrade)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: limit) {
            let (handler, context) = bound.value
            handler.end(context, .timedOut)
        }
        send(first, context)
    }

    private func perform(_ action: UpgradeAction, _ context: ChannelHandlerContext) {
        switch action {
        case .send(let bytes): send(bytes, context)
        case .upgraded(let connection):
            timeout?.cancel()
            state = .secured(connection.session)
            let peer = UpgradedPeer(key: connection.remoteKey, streamMuxer: connection.streamMuxer)
            do { try install(peer, context.channel) } catch {
                outcome.fail(error)
                end(context, .closed)
                return
            }
            outcome.succeed(peer)
            passOn(ByteBuffer(bytes: connection.leftOver), context)
        }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    private func passOn(_ plaintext: ByteBuffer, _ context: ChannelHandlerContext) {
        guard plaintext.readableBytes > 0 else { return }
        context.fireChannelRead(wrapInboundOut(plaintext))
    }

    private func end(_ context: ChannelHandlerContext, _ error: TransportError) {
        if case .ended = state, error == .closed { return }
        timeout?.cancel()
        if case .secured = state {} else { outcome.fail(error) }
        state = .ended
        if error != .closed { context.fireErrorCaught(error) }
        context.close(promise: nil)
    }
}
