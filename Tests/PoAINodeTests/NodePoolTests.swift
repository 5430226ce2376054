import PoAIChain
import PoAIMempool
import PoAINode
import PoAIPrimitives
import PoAIRPC
import PoAITestSupport
import PoAITypes
import Synchronization
import Testing

/// The pool of a real chain: what is sent is mined, leaves, and comes back after a restart.
@Suite struct NodePoolTests {
    @Test func aSentTransactionIsMinedAndLeaves() throws {
        let net = try FundedNetwork()
        let hash = try net.pool.submit(encoded: net.transfer(nonce: 0, value: 7))
        #expect(net.pool.counts() == (pending: 1, queued: 0))
        #expect(net.pool.pendingNonce(net.sender) == 1)
        try net.mine(to: 1)
        #expect(net.pool.counts() == (pending: 0, queued: 0))
        #expect(net.pool.transaction(hash) == nil)
        let block = try #require(try net.chain.reader.block(at: 1))
        #expect(block.transactions.map(\.hash) == [hash])
        #expect(try net.chain.reader.balance(net.receiver) == UInt256(7))
    }

    @Test func aGapWaitsUntilItIsFilled() throws {
        let net = try FundedNetwork()
        _ = try net.pool.submit(encoded: net.transfer(nonce: 1, value: 2))
        #expect(net.pool.counts() == (pending: 0, queued: 1))
        try net.mine(to: 1)
        #expect(try net.chain.reader.balance(net.receiver) == .zero)
        _ = try net.pool.submit(encoded: net.transfer(nonce: 0, value: 1))
        #expect(net.pool.counts() == (pending: 2, queued: 0))
        try net.mine(to: 2)
        #expect(try net.chain.reader.balance(net.receiver) == UInt256(3))
    }

    @Test func everyChangeHasAnotherRevision() throws {
        let net = try FundedNetwork()
        let empty = net.pool.revision
        _ = try net.pool.submit(encoded: net.transfer(nonce: 0, value: 1))
        let one = net.pool.revision
        #expect(one != empty)
        #expect(throws: RPCError.self) { try net.pool.submit(encoded: net.transfer(nonce: 0, value: 1)) }
        #expect(net.pool.revision == one)
        try net.mine(to: 1)
        #expect(net.pool.revision != one)
    }

    @Test func refusalsCarryTheWordsThatWalletsLookFor() throws {
        let net = try FundedNetwork()
        let encoded = net.transfer(nonce: 0, value: 1)
        _ = try net.pool.submit(encoded: encoded)
        for (bytes, words) in [
            (encoded, "already known"), ([0xff], "rlp"), (net.transfer(nonce: 0, value: 2), "replacement"),
            (net.transfer(nonce: 99, value: 2), "nonce too high"),
            (net.transfer(nonce: 1, value: 2, chainID: 1), "invalid chain id"),
        ] {
            let error = #expect(throws: RPCError.self) { try net.pool.submit(encoded: bytes) }
            #expect(error?.code == -32000)
            #expect(error?.message.hasPrefix(words) == true, "\(error?.message ?? "none")")
        }
    }

    @Test func theFileBringsItsTransactionsBack() throws {
        let net = try FundedNetwork()
        let kept = try net.pool.submit(encoded: net.transfer(nonce: 1, value: 2))
        let path = net.folder.path + "/pool"
        net.pool.save(to: path)
        let log = Mutex<[MempoolLoad]>([])
        let later = NodePool(chain: net.chain) { event in
            if case .loaded(let load, _) = event { log.withLock { $0.append(load) } }
        }
        later.load(from: path)
        #expect(log.withLock { $0.map(\.admitted) } == [1])
        #expect(later.transaction(kept) != nil)
        #expect(later.counts() == (pending: 0, queued: 1))
    }

    @Test func transactionsOfAbandonedBlocksWaitAgain() throws {
        let net = try FundedNetwork()
        let hash = try net.pool.submit(encoded: net.transfer(nonce: 0, value: 7))
        try net.mine(to: 1)
        #expect(net.pool.counts() == (pending: 0, queued: 0))
        let rival = try FundedNetwork()
        try rival.mine(to: 2)
        for height in 1...2 as ClosedRange<UInt64> {
            _ = try net.chain.import(try #require(try rival.chain.reader.block(at: height)))
        }
        #expect(net.chain.head.hash == rival.chain.head.hash)
        #expect(net.pool.transaction(hash) != nil)
        #expect(net.pool.counts() == (pending: 1, queued: 0))
        try net.mine(to: 3)
        #expect(try net.chain.reader.balance(net.receiver) == UInt256(7))
    }

    @Test func aFileThatCannotBeReadIsReported() throws {
        let net = try FundedNetwork()
        let faults = Mutex(0)
        let pool = NodePool(chain: net.chain) { event in
            if case .fileFailed = event { faults.withLock { $0 += 1 } }
        }
        pool.load(from: net.folder.path)
        pool.save(to: net.folder.path + "/none/pool")
        #expect(faults.withLock { $0 } == 2)
    }
}
