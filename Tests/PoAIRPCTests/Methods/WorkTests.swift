import PoAIConsensus
import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import PoAIWork
import Synchronization
import Testing

/// A miner that knows one piece of work.
final class FakeMiner: MiningControl {
    let isMining = true
    let hashrate: UInt64 = 300
    let coinbase: Address? = RPCFixture.miner
    let submitted = Mutex<[MinedWork]>([])

    static let sealHash = Keccak256.hash([1])

    func setMining(_ mines: Bool) throws(RPCError) {}

    func work() throws(RPCError) -> MiningWork {
        MiningWork(sealHash: Self.sealHash, epochKey: Keccak256.hash([2]), target: 1 << 200, number: 12)
    }

    func submit(_ work: MinedWork) throws(RPCError) -> Bool {
        submitted.withLock { $0.append(work) }
        return work.sealHash == Self.sealHash
    }
}

/// Quizzes over 256 tokens, one per byte value.
struct ByteQuizzes: QuizSource {
    let generator: QuizGenerator

    init() throws {
        generator = try QuizGenerator(ordinary: Array(0..<256), rules: .standard, isSalted: true) {
            $0.map(UInt32.init)
        }
    }

    func quiz(seed: Hash32, height: UInt64) throws(RPCError) -> Quiz {
        if height == 2 { throw .server("no model for height 2") }
        return generator.quiz(seed: seed)
    }
}

@Suite("Methods: mining and the proof of work")
struct WorkTests {
    @Test("A node that does not mine says so")
    func noMiner() throws {
        let fixture = try RPCFixture()
        #expect(try fixture.call("eth_mining") == false)
        #expect(try fixture.call("eth_hashrate") == "0x0")
        #expect(try fixture.error("eth_getWork").code == -32000)
        let zero = JSONValue.of(Hash32.zero)
        #expect(try fixture.error("eth_submitWork", .word(0), zero, zero, "0x0").code == -32602)
        #expect(try fixture.error("eth_submitWork", "0x0000000000000000", zero, zero, "0x0").code == -32000)
    }

    @Test("Work is given and taken in the form the seal needs")
    func mining() throws {
        let miner = FakeMiner()
        let fixture = try RPCFixture { $0.mining = miner }
        #expect(try fixture.call("eth_mining") == true)
        #expect(try fixture.call("eth_hashrate") == "0x12c")
        #expect(try fixture.call("eth_coinbase") == .of(RPCFixture.miner))
        let target = (UInt256(1) << 200).bigEndianHash
        #expect(
            try fixture.call("eth_getWork") == [
                .of(FakeMiner.sealHash), .of(Keccak256.hash([2])), .of(target), "0xc",
            ])
        let digest = JSONValue.of(Keccak256.hash([3]))
        let nonce: JSONValue = "0x0102030405060708"
        #expect(try fixture.call("eth_submitWork", nonce, .of(FakeMiner.sealHash), digest, "0x11") == true)
        #expect(try fixture.call("eth_submitWork", nonce, digest, digest, "0x11") == false)
        let first = miner.submitted.withLock { $0.first }
        #expect(
            first
                == MinedWork(
                    sealHash: FakeMiner.sealHash, nonce: 0x0102_0304_0506_0708, digest: Keccak256.hash([3]), loss: 17))
        #expect(try fixture.error("eth_submitWork", "0x01", digest, digest, "0x1").code == -32602)
    }

    @Test("The seal of a block holds what it takes to check it")
    func seal() throws {
        let fixture = try RPCFixture.withBox()
        let header = try #require(try fixture.chain.reader.header(at: 3))
        let expected = try #require(try fixture.chain.reader.expectations(after: header.parentHash))
        let seal = Seal(header: header, epochKey: expected.epochKey)
        let result = try fixture.call("poai_getSeal", "0x3")
        #expect(result["quizSeed"] == .of(seal.quizSeed) && result["lhat"] == .of(seal.lhat.bigEndianHash))
        #expect(result["target"] == .of(expected.target.bigEndianHash) && seal.meets(expected.target))
        #expect(result["sealHash"] == .of(header.sealHash) && result["epochKey"] == .of(expected.epochKey))
        #expect(result["loss"] == "0x11170" && result["digest"] == .of(header.mixHash))
        #expect(try fixture.call("poai_getSeal") == result)
        #expect(try fixture.error("poai_getSeal", "earliest").code == -32001)
    }

    @Test("The quiz of a block has questions with their true answers")
    func quiz() throws {
        let source = try ByteQuizzes()
        let fixture = try RPCFixture.withBox { $0.quizzes = source }
        let result = try fixture.call("poai_getQuiz", "latest")
        let seed = try Hash32(hex: try #require(try fixture.call("poai_getSeal")["quizSeed"]).string)
        let quiz = source.generator.quiz(seed: seed)
        #expect(result["text"] == .text(quiz.text) && result["loss"] == "0x11170")
        #expect(result["items"]?.items.count == quiz.items.count)
        #expect(result["items"]?.items.first?["answer"] == .text(String(decoding: quiz.items[0].answer, as: UTF8.self)))
        #expect(result["tokens"]?.items.count == 64 && result["scored"]?.items.count == 8)
        #expect(try fixture.error("poai_getQuiz", "0x2").message == "no model for height 2")
        #expect(try fixture.error("poai_getQuiz", "0x0").code == -32001)
        #expect(try RPCFixture.withBox().error("poai_getQuiz").code == -32000)
    }

    @Test("Difficulty, epoch and model are those of the rules")
    func rules() throws {
        let fixture = try RPCFixture()
        for _ in 0..<7 { try fixture.mine() }
        let difficulty = try fixture.call("poai_getDifficulty")
        #expect(difficulty["bits"] == "0x20400000" && difficulty["difficulty"] == "0x3")
        #expect(difficulty["totalDifficulty"] == .text(fixture.chain.head.totalWork.hex))
        #expect(difficulty["nextBits"] == "0x20400000")
        for number in UInt64(0)...7 {
            let epoch = try fixture.call("poai_getEpoch", .hex(number))
            let index = number / 6
            #expect(epoch["epoch"] == .hex(index) && epoch["firstBlock"] == .hex(index * 6))
            #expect(epoch["lastBlock"] == .hex(index * 6 + 5))
            let seedHeight = EpochKey.seedHeight(of: index, epochBlocks: 6)
            let seed = try #require(try fixture.chain.reader.canonicalHash(at: seedHeight))
            #expect(epoch["epochKey"] == .of(EpochKey.key(seed: seed, index: index)))
        }
        let model = try fixture.call("poai_getModel", "0x3")
        #expect(model["name"] == "echo" && model["engine"] == "exact-1" && model["tokenCount"] == "0x40")
        #expect(try fixture.error("poai_getModel", "0x8").code == -32001)
    }
}
