import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITypes
import Testing

/// A chain in a folder of its own, and the model of what it must hold.
struct ChainFixture {
    let folder: TemporaryDirectory
    var model: ChainModel
    let chain: Blockchain

    static let now: UInt64 = 2_000_000

    init(
        _ spec: ChainSpec? = nil, pruneDepth: UInt64 = 0, configure: (inout Blockchain.Options) -> Void = { _ in }
    ) throws {
        folder = try TemporaryDirectory()
        let spec = try spec ?? testSpec()
        model = try ChainModel(spec)
        chain = try Self.open(folder, spec, pruneDepth: pruneDepth, configure: configure)
    }

    static func open(
        _ folder: TemporaryDirectory, _ spec: ChainSpec, pruneDepth: UInt64 = 0,
        configure: (inout Blockchain.Options) -> Void = { _ in }
    ) throws -> Blockchain {
        var options = Blockchain.Options()
        options.pruneDepth = pruneDepth
        options.clock = { now }
        configure(&options)
        return try Blockchain(dataDirectory: folder.path, spec: spec, evaluator: HashEvaluator(), options: options)
    }

    /// Mines `count` blocks on the head and takes them in; returns them.
    @discardableResult
    mutating func grow(_ count: Int, miner: UInt8 = 1) throws -> [Block] {
        let blocks = try model.branch(on: model.head, count: count, miner: testAddress(miner))
        for block in blocks {
            let outcome = try chain.import(block)
            guard case .newHead = outcome else {
                Issue.record("block \(block.header.number): \(outcome)")
                return blocks
            }
            model.accept(block)
        }
        return blocks
    }

    /// What must hold after every step: head, work, balances, index, undo records.
    func checkInvariants() throws {
        let head = model.headNode
        #expect(chain.head.hash == model.head)
        #expect(chain.head.totalWork == head.work)
        #expect(try chain.reader.head() == chain.head)
        for byte in UInt8(1)...9 {
            #expect(try chain.reader.balance(testAddress(byte)) == head.balances[testAddress(byte)] ?? .zero)
        }
        for (height, hash) in model.chain(to: model.head).enumerated() {
            #expect(try chain.reader.canonicalHash(at: UInt64(height)) == hash)
        }
        #expect(try chain.reader.canonicalHash(at: head.header.number + 1) == nil)
        let oldest = try chain.reader.oldestKept()
        let (accounts, undo) = try chain.reader.folder.environment.read { (snapshot) throws(StorageError) in
            (try ChainTables.accounts.count(in: snapshot), try ChainTables.undo.count(in: snapshot))
        }
        #expect(accounts == head.balances.count)
        #expect(undo == Int(head.header.number + 1 - min(oldest, head.header.number + 1)))
    }

    /// The whole of it once more from the bytes.
    func verify(from: UInt64 = 1, to: UInt64? = nil) throws -> VerifyReport {
        try chain.reader.verify(from: from, to: to, evaluator: HashEvaluator(), clock: { Self.now })
    }
}
