// How fast blocks full of plain transfers are executed and stored, seals aside, and how that grows with the state. The
// blocks are made beforehand on another copy of the chain; measured is `Blockchain.importBatch` of one batch after another,
// each of which ends with a commit on the disk: blocks come in batches when a node synchronises, alone at the head.
import Foundation
import PoAIChain
import PoAITypes

let usage = """
    usage: ImportBenchmark [--accounts N]... [--blocks N] [--batch N]... [--json]

    --accounts N  accounts in the state, at least 2; may be repeated (default: 10000, 100000 and 1000000)
    --blocks N    blocks to import, each of \(Workload.transfersPerBlock) transfers, 1 to 64 (default: 32)
    --batch N     blocks stored by one commit; may be repeated (default: 1, and 32 as a node takes that synchronises)
    --json        one JSON object instead of lines for people
    """

struct Arguments {
    var accounts: [Int] = []
    var blocks = 32
    var batches: [Int] = []
    var json = false

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--accounts": accounts.append(try Self.number(rest.popFirst(), in: 2...10_000_000))
            case "--blocks": blocks = try Self.number(rest.popFirst(), in: 1...64)
            case "--batch": batches.append(try Self.number(rest.popFirst(), in: 1...64))
            case "--json": json = true
            default: throw BenchmarkError("\(argument) is no option\n\(usage)")
            }
        }
        if accounts.isEmpty { accounts = [10_000, 100_000, 1_000_000] }
        if batches.isEmpty { batches = [1, 32] }
    }

    private static func number(_ text: String?, in range: ClosedRange<Int>) throws -> Int {
        guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
            throw BenchmarkError("\(text ?? "nothing") is no number from \(range)\n\(usage)")
        }
        return number
    }
}

/// What one size of state gave with one size of batches.
struct Figures: Encodable {
    let accounts: Int
    /// Blocks stored by one commit.
    let batch: Int
    let blocks: Int
    let transfers: Int
    /// Of all blocks together.
    let transfersPerSecond: Double
    let mgasPerSecond: Double
    let secondsPerBlock: Double
    /// Of the fastest batch.
    let bestSecondsPerBlock: Double
    /// Of all threads; unlike the others it hardly depends on what else runs on the machine.
    let processorSecondsPerBlock: Double

    /// - Parameter seconds: of each batch.
    init(accounts: Int, batch: Int, blocks: [Block], seconds: [Double], processorSeconds: Double) {
        let total = seconds.reduce(0, +)
        (self.accounts, self.batch) = (accounts, batch)
        self.blocks = blocks.count
        transfers = blocks.reduce(0) { $0 + $1.transactions.count }
        transfersPerSecond = Double(transfers) / total
        mgasPerSecond = Double(blocks.reduce(0) { $0 + $1.header.gasUsed }) / 1e6 / total
        secondsPerBlock = total / Double(blocks.count)
        let each = zip(seconds, batches(of: batch, from: blocks)).map { $0 / Double($1.count) }
        bestSecondsPerBlock = each.min() ?? total
        processorSecondsPerBlock = processorSeconds / Double(blocks.count)
    }

    var line: String {
        String(
            format: "%8d accounts, batches of %2d: %6.0f transfers/s, %6.1f Mgas/s, %.1f ms per block"
                + " (fastest %.1f, processor %.1f)",
            accounts, batch, transfersPerSecond, mgasPerSecond, secondsPerBlock * 1e3, bestSecondsPerBlock * 1e3,
            processorSecondsPerBlock * 1e3)
    }
}

/// All sizes; `growth` tells how many times as long a block takes as with the first size, in batches of the same size.
struct Report: Encodable {
    struct Growth: Encodable {
        let accounts: Int
        let batch: Int
        let times: Double
    }

    let sizes: [Figures]
    let growth: [Growth]

    init(_ sizes: [Figures]) {
        self.sizes = sizes
        growth = sizes.compactMap { figures in
            guard let first = sizes.first(where: { $0.batch == figures.batch }), first.accounts != figures.accounts
            else { return nil }
            return Growth(
                accounts: figures.accounts, batch: figures.batch,
                times: figures.secondsPerBlock / first.secondsPerBlock)
        }
    }
}

func open(_ path: String, _ spec: ChainSpec) throws -> Blockchain {
    var options = Blockchain.Options()
    options.clock = { spec.genesisTimestamp + 1_000_000 }
    return try Blockchain(dataDirectory: path, spec: spec, evaluator: AcceptingEvaluator(), options: options)
}

/// What all threads of this process used so far.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func batches(of size: Int, from blocks: [Block]) -> [[Block]] {
    stride(from: 0, to: blocks.count, by: size).map { Array(blocks[$0..<min($0 + size, blocks.count)]) }
}

/// Makes the blocks once and takes them in once for each size of batches, each time into a fresh copy of the chain.
func measure(accounts: Int, arguments: Arguments) throws -> [Figures] {
    let workload = try Workload(accounts: accounts, blocks: arguments.blocks)
    let folder = FileManager.default.temporaryDirectory.appending(path: "poai-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let genesis = folder.appending(path: "genesis").path
    do { _ = try open(genesis, workload.spec) }
    func copy(_ name: String) throws -> URL {
        let copy = folder.appending(path: name)
        try FileManager.default.copyItem(atPath: genesis, toPath: copy.path)
        return copy
    }
    let making = try copy("making")
    let blocks = try workload.blocks(on: try open(making.path, workload.spec))
    try FileManager.default.removeItem(at: making)

    return try arguments.batches.map { size in
        let taking = try copy("taking")
        defer { try? FileManager.default.removeItem(at: taking) }
        let chain = try open(taking.path, workload.spec)
        let clock = ContinuousClock()
        let before = processorSeconds()
        let seconds = try batches(of: size, from: blocks).map { batch in
            try clock.measure { try importing(batch, into: chain) } / .seconds(1)
        }
        let used = processorSeconds() - before
        return Figures(accounts: accounts, batch: size, blocks: blocks, seconds: seconds, processorSeconds: used)
    }
}

do {
    let arguments = try Arguments(CommandLine.arguments.dropFirst())
    var sizes: [Figures] = []
    for accounts in arguments.accounts {
        let figures = try measure(accounts: accounts, arguments: arguments)
        if !arguments.json { for figures in figures { print(figures.line) } }
        sizes += figures
    }
    let report = Report(sizes)
    if arguments.json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
        for growth in report.growth {
            print(
                String(
                    format: "%d accounts, batches of %d: %.2f times as long per block as the first", growth.accounts,
                    growth.batch, growth.times))
        }
    }
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
