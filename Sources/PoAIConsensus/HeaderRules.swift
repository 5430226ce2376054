import PoAIPrimitives
import PoAITypes
import PoAIWork

/// A header that obeys every rule which takes no forward pass to check. Only `HeaderRules` makes it.
public struct HeaderChecked: Hashable, Sendable {
    /// The header.
    public let header: BlockHeader
    /// What the chain demanded of it.
    public let expectations: HeaderExpectations
    /// The seal it claims, which is below the target; `SealVerified` says whether the claim is true.
    public let seal: Seal

    /// Seed of the quiz that the forward pass must be run on.
    public var quizSeed: Hash32 { seal.quizSeed }

    init(header: BlockHeader, expectations: HeaderExpectations, seal: Seal) {
        self.header = header
        self.expectations = expectations
        self.seal = seal
    }
}

/// The rules for headers of one network (docs/spec/consensus.md, "Header rules").
public struct HeaderRules: Sendable {
    /// The network.
    public let spec: ChainSpec

    /// Rules of a network.
    public init(spec: ChainSpec) {
        self.spec = spec
    }

    /// Checks a header whose parent is to be found in `context`, every rule but the forward pass.
    ///
    /// - Parameter now: this node's clock, in seconds since 1970.
    /// - Returns: the checked header, or the reason against it.
    /// - Throws: only what `context` throws.
    public func check<Context: HeaderContext>(
        _ header: BlockHeader, in context: Context, now: UInt64
    ) throws(Context.Failure) -> Result<HeaderChecked, BlockRejection> {
        guard let parent = try context.header(header.parentHash) else {
            return .failure(.missingParent(header.parentHash))
        }
        guard parent.number < .max else { return .failure(.invalid(.heightOverflow)) }
        let expectations = try HeaderExpectations.after(parent, hash: header.parentHash, spec: spec, in: context)
        guard let expectations else { return .failure(.missingParent(header.parentHash)) }
        return check(header, expectations, now: now)
    }

    /// Checks a header against what its parent's chain demands, every rule but the forward pass. Touches no store and
    /// allocates nothing, so that a node can afford it for whatever strangers send.
    ///
    /// The clock comes last: only a header that would be valid later is worth keeping until then.
    ///
    /// - Parameter now: this node's clock, in seconds since 1970.
    public func check(
        _ header: BlockHeader, _ expectations: HeaderExpectations, now: UInt64
    ) -> Result<HeaderChecked, BlockRejection> {
        if let fault = fault(in: header, expectations) { return .failure(.invalid(fault)) }
        let seal = Seal(header: header, epochKey: expectations.epochKey)
        let lhat = seal.lhat
        guard lhat < expectations.target else {
            return .failure(.invalid(.seal(lhat: lhat, target: expectations.target)))
        }
        let latest = now.addingReportingOverflow(spec.maxFutureSeconds)
        guard latest.overflow || header.timestamp <= latest.partialValue else {
            return .failure(.fromTheFuture(seconds: header.timestamp - latest.partialValue))
        }
        return .success(HeaderChecked(header: header, expectations: expectations, seal: seal))
    }

    /// The first rule broken, of those that need neither hash nor clock.
    private func fault(in header: BlockHeader, _ expected: HeaderExpectations) -> HeaderFault? {
        if header.parentHash != expected.parentHash {
            return .parentHash(got: header.parentHash, expected: expected.parentHash)
        }
        if header.number != expected.number { return .number(got: header.number, expected: expected.number) }
        if header.bits != expected.bits { return .bits(got: header.bits, expected: expected.bits) }
        if header.timestamp < expected.minimumTimestamp {
            return .timestamp(got: header.timestamp, minimum: expected.minimumTimestamp)
        }
        if header.extraData.count > BlockHeader.maxExtraDataCount {
            return .extraDataLength(got: header.extraData.count, limit: BlockHeader.maxExtraDataCount)
        }
        if header.unclesHash != EmptyRoots.uncles {
            return .unclesHash(got: header.unclesHash, expected: EmptyRoots.uncles)
        }
        return gasFault(in: header, expected)
    }

    private func gasFault(in header: BlockHeader, _ expected: HeaderExpectations) -> HeaderFault? {
        if header.gasLimit != spec.genesisGasLimit {
            return .gasLimit(got: header.gasLimit, expected: spec.genesisGasLimit)
        }
        if header.gasUsed > header.gasLimit { return .gasUsed(got: header.gasUsed, limit: header.gasLimit) }
        if header.baseFeePerGas != expected.baseFee {
            return .baseFeePerGas(got: header.baseFeePerGas, expected: expected.baseFee)
        }
        return nil
    }
}
