// Speeds of single parts, for docs and for comparing changes: one JSON object on standard output. Numbers are the best of
// several rounds in this process, so that other load on the machine disturbs them least.
import Foundation
import PoAIConsensus
import PoAIModel
import PoAINode
import PoAIPrimitives
import PoAITypes
import PoAIWork

/// Seconds of the fastest of `rounds` runs.
func best(of rounds: Int, _ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<rounds { best = min(best, try clock.measure(body) / .seconds(1)) }
    return best
}

func keccakMegabytesPerSecond() -> Double {
    let message = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var sink = Hash32.zero
    let seconds = best(of: 10) { sink = Keccak256.hash(message) }
    precondition(sink != .zero)
    return Double(message.count) / 1e6 / seconds
}

/// Microseconds to decode a header from its bytes and check every rule that needs no forward pass.
func headerCheckMicroseconds() throws -> (decode: Double, check: Double) {
    let spec = try ChainSpec.devnet(targetThousandths: 1000)
    let genesis = spec.genesisHeader(stateRoot: EmptyRoots.trie)
    let genesisHash = genesis.hash
    let context = OneHeader(header: genesis, hash: genesisHash)
    guard let expected = HeaderExpectations.after(genesis, hash: genesisHash, spec: spec, in: context) else {
        throw BenchmarkError("no expectations after genesis")
    }
    var header = BlockHeader(
        parentHash: genesisHash, miner: .zero, stateRoot: genesis.stateRoot, bits: expected.bits, number: 1,
        gasLimit: spec.genesisGasLimit, timestamp: expected.minimumTimestamp, extraData: [],
        baseFeePerGas: spec.genesisBaseFee)
    let rules = HeaderRules(spec: spec)
    while case .failure = rules.check(header, expected, now: header.timestamp) { header.nonce += 1 }
    let bytes = header.rlpEncoded()
    let count = 2000
    let decode = try best(of: 20) { for _ in 0..<count { _ = try BlockHeader(rlp: bytes) } }
    let check = best(of: 20) {
        for _ in 0..<count {
            guard case .success = rules.check(header, expected, now: header.timestamp) else { preconditionFailure() }
        }
    }
    return (decode * 1e6 / Double(count), check * 1e6 / Double(count))
}

func quizMicroseconds(_ modelPath: String) throws -> Double {
    let tokenizer = try BytePairTokenizer(gguf: GGUFFile(path: modelPath))
    let generator = try QuizGenerator(tokenizer: tokenizer, rules: .standard)
    let count = 500
    let seconds = best(of: 10) {
        for index in 0..<count { _ = generator.quiz(seed: QuizVectorFile.seed(UInt32(index))) }
    }
    return seconds * 1e6 / Double(count)
}

/// A chain of one header.
struct OneHeader: HeaderContext {
    let header: BlockHeader
    let hash: Hash32
    func header(_ wanted: Hash32) -> BlockHeader? { wanted == hash ? header : nil }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

let modelPath = CommandLine.arguments.dropFirst().first ?? "models/SmolLM2-135M-Instruct.Q4_1.gguf"
let header = try headerCheckMicroseconds()
var figures = [
    "keccakMegabytesPerSecond": keccakMegabytesPerSecond(), "headerDecodeMicroseconds": header.decode,
    "headerCheckMicroseconds": header.check,
]
if FileManager.default.fileExists(atPath: modelPath) {
    figures["quizMicroseconds"] = try quizMicroseconds(modelPath)
}
figures.merge(mempoolFigures()) { _, new in new }
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
print(String(decoding: try encoder.encode(figures), as: UTF8.self))
