import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Testing

@Suite("Header rules")
struct HeaderRulesTests {
    private let now: UInt64 = 2_000_000_000

    private func chain(thousandths: Int = 1000, height: UInt64 = 12) throws -> MemoryChain {
        var chain = MemoryChain(try ChainSpec.devnet(targetThousandths: thousandths))
        try chain.extend(to: height, spacing: 5)
        return chain
    }

    private func verdict(_ header: BlockHeader, _ chain: MemoryChain) -> Result<HeaderChecked, BlockRejection> {
        HeaderRules(spec: chain.spec).check(header, in: chain, now: now)
    }

    @Test("A header that obeys every rule passes, with the seed of its quiz")
    func valid() throws {
        let chain = try chain()
        let expected = try chain.expectations()
        let header = try chain.template().sealed(expected)
        let checked = try verdict(header, chain).get()
        #expect(checked.header == header && checked.expectations == expected)
        let seed = Seal.quizSeed(
            epochKey: expected.epochKey, sealHash: header.sealHash, number: 13, nonce: header.nonce)
        #expect(checked.quizSeed == seed)
    }

    @Test("One field changed gives that very fault")
    func faults() throws {
        let chain = try chain()
        let expected = try chain.expectations()
        let good = try chain.template().sealed(expected)
        let other = Keccak256.hash([77])
        let bloom = try #require(LogsBloom([1] + [UInt8](repeating: 0, count: 255)))
        let cases: [(HeaderFault, (inout BlockHeader) -> Void)] = [
            (.number(got: 14, expected: 13), { $0.number = 14 }),
            (.number(got: 0, expected: 13), { $0.number = 0 }),
            (.unclesHash(got: other, expected: EmptyRoots.uncles), { $0.unclesHash = other }),
            (.gasLimit(got: 30_000_001, expected: 30_000_000), { $0.gasLimit += 1 }),
            (.gasUsed(got: 30_000_001, limit: 30_000_000), { $0.gasUsed = 30_000_001 }),
            (
                .baseFeePerGas(got: .zero, expected: expected.baseFee),
                { $0.baseFeePerGas = .zero }
            ),
            (
                .extraDataLength(got: 33, limit: 32),
                { $0.extraData = [UInt8](repeating: 0, count: 33) }
            ),
            (
                .timestamp(got: expected.minimumTimestamp - 1, minimum: expected.minimumTimestamp),
                { $0.timestamp = expected.minimumTimestamp - 1 }
            ),
            (.bits(got: 0x2100_fffe, expected: 0x2100_ffff), { $0.bits -= 1 }),
        ]
        for (fault, change) in cases {
            var header = good
            change(&header)
            #expect(verdict(header, chain) == .failure(.invalid(fault)))
            #expect(!fault.description.contains("\n"))
        }
        let free: [(inout BlockHeader) -> Void] = [
            { $0.miner = Address([UInt8](repeating: 1, count: 20)) ?? .zero }, { $0.stateRoot = other },
            { $0.timestamp += 1 }, { $0.extraData = [UInt8](repeating: 0, count: 32) }, { $0.loss = .max },
            { $0.mixHash = .zero }, { $0.transactionsRoot = other }, { $0.receiptsRoot = other },
            { $0.logsBloom = bloom },
            { $0.gasUsed = $0.gasLimit },
        ]
        for change in free {
            var header = good
            change(&header)
            header = try header.sealed(expected)
            #expect(throws: Never.self) { try verdict(header, chain).get() }
        }
    }

    @Test("A seal above the target is refused with both numbers")
    func seal() throws {
        let chain = try chain(thousandths: 500)
        let expected = try chain.expectations()
        let header = try chain.template().sealed(expected, meets: false)
        let lhat = Seal(header: header, epochKey: expected.epochKey).lhat
        #expect(lhat >= expected.target)
        let fault = HeaderFault.seal(lhat: lhat, target: expected.target)
        #expect(verdict(header, chain) == .failure(.invalid(fault)))
        #expect(throws: Never.self) { try verdict(header.sealed(expected), chain).get() }
    }

    @Test("Every field of the block is bound to the seal: a found nonce serves no other block")
    func theft() throws {
        let chain = try chain(thousandths: 1)
        let expected = try chain.expectations()
        let header = try chain.template().sealed(expected)
        var stolen = header
        stolen.miner = try #require(Address([UInt8](repeating: 0x66, count: 20)))
        guard case .failure(.invalid(.seal)) = verdict(stolen, chain) else {
            Issue.record("the seal holds for another miner")
            return
        }
    }

    @Test("The clock decides last, to the second, and says how long to wait")
    func future() throws {
        let chain = try chain(thousandths: 500)
        let expected = try chain.expectations()
        let atLimit = try chain.template(timestamp: now + 30).sealed(expected)
        #expect(throws: Never.self) { try verdict(atLimit, chain).get() }
        let beyond = try chain.template(timestamp: now + 35).sealed(expected)
        #expect(verdict(beyond, chain) == .failure(.fromTheFuture(seconds: 5)))
        let worthless = try chain.template(timestamp: now + 35).sealed(expected, meets: false)
        guard case .failure(.invalid(.seal)) = verdict(worthless, chain) else {
            Issue.record("a header without work is worth no waiting")
            return
        }
        let far = try chain.template(timestamp: .max).sealed(expected)
        #expect(verdict(far, chain) == .failure(.fromTheFuture(seconds: .max - now - 30)))
        let rules = HeaderRules(spec: chain.spec)
        #expect(throws: Never.self) { try rules.check(far, in: chain, now: .max).get() }
    }

    @Test("An unknown parent, or a hole among the ancestors, is nobody's fault")
    func missingParent() throws {
        var chain = try chain()
        let header = try chain.template().sealed(chain.expectations())
        var orphan = header
        orphan.parentHash = Keccak256.hash([5])
        #expect(verdict(orphan, chain) == .failure(.missingParent(orphan.parentHash)))
        let ancestor = try #require(chain.ancestor(of: chain.tip, at: 6))
        chain.remove(ancestor)
        #expect(verdict(header, chain) == .failure(.missingParent(header.parentHash)))
    }

    @Test("The expectations of another parent do not fit")
    func otherParent() throws {
        let chain = try chain()
        let expected = try chain.expectations()
        var header = try chain.template().sealed(expected)
        header.parentHash = .zero
        let fault = HeaderFault.parentHash(got: .zero, expected: expected.parentHash)
        #expect(HeaderRules(spec: chain.spec).check(header, expected, now: now) == .failure(.invalid(fault)))
    }

    @Test("There is no block after the last height")
    func heightOverflow() throws {
        var chain = try chain()
        var last = try chain.template()
        last.number = .max
        chain.append(last)
        var header = last
        header.parentHash = last.hash
        #expect(verdict(header, chain) == .failure(.invalid(.heightOverflow)))
    }

    @Test("A fault of the store is thrown, not judged")
    func storeFault() throws {
        struct Broken: HeaderContext {
            struct Fault: Error, Equatable {}
            func header(_ hash: Hash32) throws(Fault) -> BlockHeader? { throw Fault() }
        }
        let chain = try chain()
        let header = try chain.template()
        #expect(throws: Broken.Fault()) {
            _ = try HeaderRules(spec: chain.spec).check(header, in: Broken(), now: now)
        }
    }

    @Test("A seal is verified by equal results only")
    func sealVerified() throws {
        let chain = try chain()
        let header = try chain.template().sealed(chain.expectations())
        let checked = try verdict(header, chain).get()
        #expect(try SealVerified.verify(checked, digest: header.mixHash, loss: header.loss).header == header)
        let other = Keccak256.hash([8])
        #expect(throws: HeaderFault.traceDigest(got: header.mixHash, expected: other)) {
            try SealVerified.verify(checked, digest: other, loss: header.loss)
        }
        #expect(throws: HeaderFault.loss(got: 3, expected: 4)) {
            try SealVerified.verify(checked, digest: header.mixHash, loss: 4)
        }
    }

    @Test("A body that does not belong to its header is mutated; bytes that are no block are not")
    func mutated() throws {
        let header = try chain().template()
        let items = RLPItem.list(header.rlpItems())
        let bodies: [(RLPItem, RLPItem)] = [
            (.list([.bytes([1])]), .list([])), (.list([]), .list([.bytes([1])])), (.bytes([]), .list([])),
        ]
        for (transactions, uncles) in bodies {
            let bytes = RLP.encode(.list([items, transactions, uncles]))
            do throws(BlockDecodingError) {
                _ = try Block(rlp: bytes)
                Issue.record("decoded a body that is none")
            } catch {
                #expect(BlockRejection(error) == .mutated(header.hash))
            }
        }
        #expect(BlockRejection(.partCount(got: 2)) == nil)
        #expect(BlockRejection(.header(.notAHeaderList(firstByte: nil))) == nil)
    }
}
