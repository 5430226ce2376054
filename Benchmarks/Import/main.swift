// How fast blocks full of plain transfers are executed and stored, seals aside, and how that grows with the state. The
// blocks are made beforehand on another copy of the chain; measured is `Blockchain.import` of one after another, each of
// which ends with a commit on the disk.
import Foundation
import PoAIChain
import PoAITypes

let usage = """
    usage: ImportBenchmark [--accounts N]... [--blocks N] [--json]

    --accounts N  accounts in the state, at least 2; may be repeated (default: 10000, 100000 and 1000000)
    --blocks N    blocks to import, each of \(Workload.transfersPerBlock) transfers, 1 to 64 (default: 20)
    --json        one JSON object instead of lines for people
    """

struct Arguments {
    var accounts: [Int] = []
    var blocks = 20
    var json = false

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--accounts": accounts.append(try Self.number(rest.popFirst(), in: 2...10_000_000))
            case "--blocks": blocks = try Self.number(rest.popFirst(), in: 1...64)
            case "--json": json = true
            default: throw BenchmarkError("\(argument) is no option\n\(usage)")
            }
        }
        if accounts.isEmpty { accounts = [10_000, 100_000, 1_000_000] }
    }

    private static func number(_ text: String?, in range: ClosedRange<Int>) throws -> Int {
        guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
            throw BenchmarkError("\(text ?? "nothing") is no number from \(range)\n\(usage)")
        }
        return number
    }
}

/// What one size of state gave.
struct Figures: Encodable {
    let accounts: Int
    let blocks: Int
    let transfers: Int
    /// Of all blocks together.
    let transfersPerSecond: Double
    let mgasPerSecond: Double
    let secondsPerBlock: Double
    /// Of the fastest block.
    let bestSecondsPerBlock: Double
    /// Of all threads; unlike the others it hardly depends on what else runs on the machine.
    let processorSecondsPerBlock: Double

    init(accounts: Int, blocks: [Block], seconds: [Double], processorSeconds: Double) {
        let total = seconds.reduce(0, +)
        self.accounts = accounts
        self.blocks = blocks.count
        transfers = blocks.reduce(0) { $0 + $1.transactions.count }
        transfersPerSecond = Double(transfers) / total
        mgasPerSecond = Double(blocks.reduce(0) { $0 + $1.header.gasUsed }) / 1e6 / total
        secondsPerBlock = total / Double(blocks.count)
        bestSecondsPerBlock = seconds.min() ?? total
        processorSecondsPerBlock = processorSeconds / Double(blocks.count)
    }

    var line: String {
        String(
            format: "%8d accounts: %6.0f transfers/s, %6.1f Mgas/s, %.1f ms per block (fastest %.1f, processor %.1f)",
            accounts, transfersPerSecond, mgasPerSecond, secondsPerBlock * 1e3, bestSecondsPerBlock * 1e3,
            processorSecondsPerBlock * 1e3)
    }
}

/// All sizes; `growth` tells how many times as long a block takes as with the first size.
struct Report: Encodable {
    let sizes: [Figures]
    let growth: [String: Double]

    init(_ sizes: [Figures]) {
        self.sizes = sizes
        let first = sizes.first?.secondsPerBlock ?? 1
        growth = Dictionary(
            sizes.dropFirst().map { ("\($0.accounts)", $0.secondsPerBlock / first) }, uniquingKeysWith: { $1 })
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

func measure(accounts: Int, blocks count: Int) throws -> Figures {
    let workload = try Workload(accounts: accounts, blocks: count)
    let folder = FileManager.default.temporaryDirectory.appending(path: "poai-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (making, taking) = (folder.appending(path: "making").path, folder.appending(path: "taking").path)
    do { _ = try open(making, workload.spec) }
    try FileManager.default.copyItem(atPath: making, toPath: taking)
    let blocks = try workload.blocks(on: try open(making, workload.spec))
    try FileManager.default.removeItem(atPath: making)

    let chain = try open(taking, workload.spec)
    let clock = ContinuousClock()
    let before = processorSeconds()
    let seconds = try blocks.map { block in
        try clock.measure { try importing(block, into: chain) } / .seconds(1)
    }
    let used = processorSeconds() - before
    return Figures(accounts: accounts, blocks: blocks, seconds: seconds, processorSeconds: used)
}

do {
    let arguments = try Arguments(CommandLine.arguments.dropFirst())
    var sizes: [Figures] = []
    for accounts in arguments.accounts {
        let figures = try measure(accounts: accounts, blocks: arguments.blocks)
        if !arguments.json { print(figures.line) }
        sizes.append(figures)
    }
    let report = Report(sizes)
    if arguments.json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
        for (accounts, growth) in report.growth.sorted(by: { $0.value < $1.value }) {
            print(String(format: "%@ accounts: %.2f times as long per block as the first", accounts, growth))
        }
    }
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
