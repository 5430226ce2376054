import PoAIEVM
import PoAIPrimitives

/// How fast the machine ran some code.
public struct SpeedMeasurement: Sendable {
    /// What ran.
    public let loop: SpeedLoop
    /// With the intrinsic gas.
    public let gasUsed: UInt64
    /// Of the fastest run.
    public let seconds: Double
    /// How it ended.
    public let status: ExecutionStatus

    /// Millions of gas per second.
    public var megagasPerSecond: Double { Double(gasUsed) / seconds / 1e6 }

    /// Runs the loop `runs` times, at least once, each time on a fresh state.
    /// - Throws: what makes the call invalid, such as a gas limit below the intrinsic gas.
    public init(_ loop: SpeedLoop, runs: Int = 3) throws(ExecutionFault<Never>) {
        var (result, seconds) = try Self.run(loop)
        for _ in 1..<max(runs, 1) { seconds = min(seconds, try Self.run(loop).seconds) }
        self.loop = loop
        gasUsed = result.gasUsed
        status = result.status
        self.seconds = seconds
    }

    private static func run(
        _ loop: SpeedLoop
    ) throws(ExecutionFault<Never>) -> (result: TransactionResult, seconds: Double) {
        let contract = Address(truncating: 0xc0de)
        let environment = BlockEnvironment(
            number: 1, timestamp: 1, miner: Address(truncating: 1), gasLimit: .max, baseFee: .zero, prevRandao: .zero,
            chainID: 1)
        var executor = BlockExecutor(
            view: OneContract(address: contract, code: loop.code), environment: environment)
        let request = CallRequest(from: Address(truncating: 0xca11), to: contract, gasLimit: loop.gas)
        let start = ContinuousClock.now
        let result = try executor.call(request)
        let time = (ContinuousClock.now - start).components
        return (result, Double(time.seconds) + Double(time.attoseconds) * 1e-18)
    }
}

/// A state of one contract.
private struct OneContract: StateView {
    let address: Address
    let code: [UInt8]
    private let hash: Hash32

    init(address: Address, code: [UInt8]) {
        self.address = address
        self.code = code
        hash = Keccak256.hash(code)
    }

    func account(_ address: Address) throws(Never) -> AccountState? {
        address == self.address ? AccountState(nonce: 1, balance: .zero, codeHash: hash) : nil
    }

    func code(_ hash: Hash32) throws(Never) -> [UInt8] { code }
    func storage(_ address: Address, _ slot: UInt256) throws(Never) -> UInt256 { .zero }
    func hasStorage(_ address: Address) throws(Never) -> Bool { false }
    func blockHash(_ number: UInt64) throws(Never) -> Hash32? { nil }
}
