import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Testing

/// Headers in memory, as many branches as a test wants.
struct MemoryChain: HeaderContext {
    let spec: ChainSpec
    private(set) var headers: [Hash32: BlockHeader] = [:]
    private(set) var tip: BlockHeader

    init(_ spec: ChainSpec) {
        self.spec = spec
        tip = spec.genesisHeader(stateRoot: EmptyRoots.trie)
        headers[tip.hash] = tip
    }

    func header(_ hash: Hash32) -> BlockHeader? {
        headers[hash]
    }

    /// What a child of the tip must look like.
    func expectations() throws -> HeaderExpectations {
        try #require(HeaderExpectations.after(tip, hash: tip.hash, spec: spec, in: self))
    }

    /// A header on the tip that obeys every rule but perhaps the seal.
    func template(timestamp: UInt64? = nil) throws -> BlockHeader {
        let expected = try expectations()
        return BlockHeader(
            parentHash: expected.parentHash, miner: .zero, stateRoot: EmptyRoots.trie, bits: expected.bits,
            number: expected.number, gasLimit: spec.genesisGasLimit, timestamp: timestamp ?? expected.minimumTimestamp,
            mixHash: Keccak256.hash([1]), baseFeePerGas: expected.baseFee, loss: 3)
    }

    /// Adds a header without judging it, and makes it the tip.
    mutating func append(_ header: BlockHeader) {
        headers[header.hash] = header
        tip = header
    }

    mutating func extend(to height: UInt64, spacing: UInt64) throws {
        while tip.number < height {
            append(try template(timestamp: tip.timestamp + spacing))
        }
    }

    mutating func remove(_ header: BlockHeader) {
        headers[header.hash] = nil
    }
}

extension BlockHeader {
    /// The same header with the first nonce that makes its claimed seal meet the target, or fail it.
    func sealed(_ expected: HeaderExpectations, meets: Bool = true) throws -> BlockHeader {
        var copy = self
        for nonce: UInt64 in 0..<100_000 {
            copy.nonce = nonce
            if Seal(header: copy, epochKey: expected.epochKey).meets(expected.target) == meets { return copy }
        }
        return try #require(nil, "no nonce found")
    }
}
