import PoAIChain
import PoAIEVM
import PoAIJSON
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A call that is being tried out, as often as needed.
struct Simulation: ~Copyable {
    let parameters: CallParameters
    let environment: BlockEnvironment
    let state: CallState
    let deadline: Deadline
    let gasCap: UInt64
    private var executor: BlockExecutor<CallState>

    init(
        _ parameters: CallParameters, environment: BlockEnvironment, state: CallState, deadline: Deadline,
        gasCap: UInt64
    ) {
        self.parameters = parameters
        self.environment = environment
        self.state = state
        self.deadline = deadline
        self.gasCap = gasCap
        executor = BlockExecutor(view: state, environment: environment)
    }

    /// The call as given.
    func request() throws(RPCError) -> CallRequest {
        try parameters.request(gasCap: gasCap, baseFee: environment.baseFee)
    }

    mutating func run(_ request: CallRequest) throws(RPCError) -> TransactionResult {
        try deadline.check()
        do throws(ExecutionFault<CallState.Failure>) {
            return try executor.call(request)
        } catch {
            throw .call(error)
        }
    }

    mutating func run(_ request: CallRequest, tracer: inout some EVMTracer) throws(RPCError) -> TransactionResult {
        try deadline.check()
        do throws(ExecutionFault<CallState.Failure>) {
            return try executor.call(request, tracer: &tracer)
        } catch {
            throw .call(error)
        }
    }

    /// What the call's state says of an account.
    func account(_ address: Address) throws(RPCError) -> AccountState? {
        do throws(CallState.Failure) {
            return try state.account(address)
        } catch {
            throw .call(.view(error))
        }
    }
}

extension RPCMethods {
    /// Prepares the call of a transaction object, on the state after a block with overrides.
    func simulate<R>(
        _ object: Parameter, at block: Parameter, overrides: Parameter? = nil,
        _ body: (inout Simulation) throws(RPCError) -> R
    ) throws(RPCError) -> R {
        let parameters = try CallParameters(object, chainID: chain.spec.chainID)
        let assumed = try overrides?.ifGiven.map { (given) throws(RPCError) in try StateOverride.all(given) } ?? [:]
        let deadline = deadline()
        return try withState(try block.block()) { (state, place) throws(RPCError) in
            var simulation = Simulation(
                parameters, environment: try environment(of: place),
                state: CallState(state, overrides: assumed, deadline: deadline), deadline: deadline,
                gasCap: limits.callGas)
            return try body(&simulation)
        }
    }

    /// A block as its contracts saw it, or as those of the next will see it. PREVRANDAO is the parent's mixHash.
    private func environment(of place: BlockPlace) throws(RPCError) -> BlockEnvironment {
        let header = place.header
        guard place.isPending else {
            let parent = try reading { () throws(ChainError) in try reader.header(header.parentHash) }
            return BlockEnvironment(
                number: header.number, timestamp: header.timestamp, miner: header.miner, gasLimit: header.gasLimit,
                baseFee: header.baseFeePerGas, prevRandao: parent?.mixHash ?? .zero, chainID: chain.spec.chainID)
        }
        guard let next = try reading({ () throws(ChainError) in try reader.expectations(after: place.hash) }) else {
            throw .internal("the head \(place.hash) is not known")
        }
        return BlockEnvironment(
            number: next.number, timestamp: max(chain.now, next.minimumTimestamp),
            miner: backend.mining?.coinbase ?? .zero, gasLimit: header.gasLimit, baseFee: next.baseFee,
            prevRandao: header.mixHash, chainID: chain.spec.chainID)
    }
}

extension RPCError {
    /// A call that could not be begun or finished.
    static func call(_ fault: ExecutionFault<CallState.Failure>) -> RPCError {
        switch fault {
        case .transaction(.intrinsicGas(let got, let needed)):
            .server("intrinsic gas too low: have \(got), want \(needed.map(String.init) ?? "over 2^64")")
        case .transaction(let fault): .server("\(fault)")
        case .state(.insufficientFunds(let balance, let needed)):
            .server(
                "insufficient funds for transfer: the sender has \(balance) wei, needs "
                    + (needed.map { "\($0)" } ?? "2^256 or more"))
        case .state(let fault): .server("\(fault)")
        case .view(.timeout): Deadline.timeout
        case .view(.storage(let error)): .storage(error)
        }
    }
}
