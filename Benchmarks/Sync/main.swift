// How fast a fresh node gets a chain from a peer in the same process, every seal verified by a forward pass, and how much of
// the engine's own speed that is. Rounds alternate: the chain is synchronised, then the engine alone runs on the same headers.
import Foundation
import PoAIChain
import PoAINode
import PoAITypes

let usage = """
    usage: SyncBenchmark [--blocks N] [--file PATH] [--target N] [--rounds N] [--threads N] [--model PATH]

    --blocks N    blocks of the chain that is made, or read from the file at most (default: 200)
    --file PATH   read the chain from a file that 'poaid export' wrote on a devnet, instead of making one
    --target N    of 1000 tries, how many win at first on that devnet, 1 to 1000 (default: 1000)
    --rounds N    rounds, of which the medians count, 1 to 99 (default: 3)
    --threads N   threads of a forward pass (default: all cores)
    --model PATH  the model (default: models/SmolLM2-135M-Instruct.Q4_1.gguf)
    """

struct Arguments {
    var blocks = 200
    var file: String?
    var target = 1000
    var rounds = 3
    var threads = ProcessInfo.processInfo.activeProcessorCount
    var model = "models/SmolLM2-135M-Instruct.Q4_1.gguf"

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--blocks": blocks = try Self.number(rest.popFirst(), in: 1...1_000_000)
            case "--file": file = try Self.text(rest.popFirst())
            case "--target": target = try Self.number(rest.popFirst(), in: 1...1000)
            case "--rounds": rounds = try Self.number(rest.popFirst(), in: 1...99)
            case "--threads": threads = try Self.number(rest.popFirst(), in: 1...1024)
            case "--model": model = try Self.text(rest.popFirst())
            default: throw BenchmarkError("\(argument) is no option\n\(usage)")
            }
        }
    }

    private static func text(_ text: String?) throws -> String {
        guard let text else { throw BenchmarkError("a value is missing\n\(usage)") }
        return text
    }

    private static func number(_ text: String?, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(try Self.text(text)), range.contains(number) else {
            throw BenchmarkError("\(text ?? "nothing") is no number from \(range)\n\(usage)")
        }
        return number
    }
}

/// What is printed. Speeds are medians over the rounds.
struct Report: Encodable {
    let blocks: Int
    let rounds: Int
    let threads: Int
    /// Of the median round of the synchronisation.
    let seconds: Double
    let blocksPerSecond: Double
    let engineBlocksPerSecond: Double
    /// Of the synchronisation's speed in the engine's; of each round, and their median.
    let shares: [Double]
    let share: Double

    init(blocks: Int, threads: Int, syncSeconds: [Double], engineSeconds: [Double]) {
        (self.blocks, self.threads, rounds) = (blocks, threads, syncSeconds.count)
        seconds = Self.median(syncSeconds)
        blocksPerSecond = Double(blocks) / seconds
        engineBlocksPerSecond = Double(blocks) / Self.median(engineSeconds)
        shares = zip(syncSeconds, engineSeconds).map { $1 / $0 }
        share = Self.median(shares)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

do {
    let arguments = try Arguments(CommandLine.arguments.dropFirst())
    let spec = try ChainSpec.embedded(.devnet).withGenesisTarget(thousandths: arguments.target)
    let work = try WorkEngine.open(modelPath: arguments.model, spec: spec, threads: arguments.threads)
    let source = try SourceChain(spec, work)
    if let file = arguments.file {
        try source.read(file, atMost: arguments.blocks)
    } else {
        try source.mine(arguments.blocks, work)
    }
    let clock = ContinuousClock()
    var (syncSeconds, engineSeconds): ([Double], [Double]) = ([], [])
    for _ in 0..<arguments.rounds {
        let start = clock.now
        try await source.synchronise(with: work)
        syncSeconds.append((clock.now - start) / .seconds(1))
        engineSeconds.append(try clock.measure { try source.solveAll(work) } / .seconds(1))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let report = Report(
        blocks: Int(source.chain.head.header.number), threads: arguments.threads, syncSeconds: syncSeconds,
        engineSeconds: engineSeconds)
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
