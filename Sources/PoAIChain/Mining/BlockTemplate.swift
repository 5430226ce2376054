import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A block that lacks only its seal: what a miner searches a nonce for.
public struct BlockTemplate: Hashable, Sendable {
    /// The header with nonce, loss and mixHash zero.
    public let header: BlockHeader
    /// What the chain demands of the block: target and epoch key among it.
    public let expectations: HeaderExpectations
    /// Hash over all of the header but the seal; part of every quiz seed.
    public let sealHash: Hash32

    init(header: BlockHeader, expectations: HeaderExpectations) {
        self.header = header
        self.expectations = expectations
        sealHash = header.sealHash
    }

    /// The target that ℓ̂ must be below.
    public var target: UInt256 { expectations.target }

    /// The finished block.
    ///
    /// - Parameters:
    ///   - nonce: the number of the winning try.
    ///   - loss: the try's loss, in units of 2^-16 nats.
    ///   - digest: the try's trace digest.
    public func sealed(nonce: UInt64, loss: UInt64, digest: Hash32) -> Block {
        var header = header
        header.nonce = nonce
        header.loss = loss
        header.mixHash = digest
        return Block(header: header)
    }
}

extension Blockchain {
    /// A template on the head, whose subsidy goes to `miner`. Its time is now, or the earliest the rules
    /// allow where that is later.
    ///
    /// - Parameter extraData: up to 32 bytes of the miner's choice; more are cut off.
    public func template(miner: Address, extraData: [UInt8] = []) throws(ChainError) -> BlockTemplate {
        let now = options.clock()
        return try reader.read { (snapshot) throws(StorageError) in
            let head = try ChainReader.head(try ChainTables.head(in: snapshot), spec, snapshot)
            let expected = head.expectations
            let (_, root) = try Execution.transition(
                number: expected.number, miner: miner, on: StoredState(snapshot), parentRoot: head.header.stateRoot,
                spec: spec)
            let header = BlockHeader(
                parentHash: head.hash, miner: miner, stateRoot: root, bits: expected.bits, number: expected.number,
                gasLimit: spec.genesisGasLimit, timestamp: max(now, expected.minimumTimestamp),
                extraData: Array(extraData.prefix(BlockHeader.maxExtraDataCount)), baseFeePerGas: spec.genesisBaseFee)
            return BlockTemplate(header: header, expectations: expected)
        }
    }
}
