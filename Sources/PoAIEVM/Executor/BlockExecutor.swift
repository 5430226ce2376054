import PoAIPrimitives
import PoAITypes

/// Executes the transactions of a block, one after another, on a view of the state before it.
///
/// What is read is cached, and what changes is kept here; `diff()` gives it at the end. Machine words: everything that
/// depends on the rules is done on integers, so that all nodes get the same bits. Not for use by two threads at once.
public struct BlockExecutor<View: StateView>: ~Copyable {
    /// What can go wrong with a transaction.
    public typealias Fault = ExecutionFault<View.Failure>

    /// The block.
    public let environment: BlockEnvironment
    /// Gas of the transactions so far.
    public private(set) var gasUsed: UInt64 = 0
    private let reader: TypedReader<View>
    private var machine: Machine

    /// Begins a block.
    public init(view: View, environment: BlockEnvironment) {
        self.environment = environment
        reader = TypedReader(view)
        machine = Machine(reader: reader, environment: environment)
    }

    /// Gas that the next transactions may use.
    public var gasLeft: UInt64 { environment.gasLimit - gasUsed }

    /// Executes the next transaction of the block.
    ///
    /// - Throws: `ExecutionFault`, for a transaction that is invalid: it has no effect then, and another one may follow.
    ///   After `.view` the executor throws the same again, whatever is asked.
    public mutating func execute(_ transaction: RecoveredTransaction) throws(Fault) -> TransactionResult {
        try check(transaction)
        var tracer = NoTracer()
        return try finish(machine.transact(transaction.fields, from: transaction.sender, &tracer))
    }

    /// As `execute(_:)`, and tells the tracer. An invalid transaction is not traced.
    public mutating func execute(
        _ transaction: RecoveredTransaction, tracer: inout some EVMTracer
    ) throws(Fault) -> TransactionResult {
        try check(transaction)
        return try finish(machine.transact(transaction.fields, from: transaction.sender, &tracer))
    }

    /// Calls without transaction, as after the transactions so far. Nothing changes, and nothing is paid for but the value.
    ///
    /// - Throws: `TransactionFault.intrinsicGas` and `.initcodeTooLong`, `StateFault.insufficientFunds` for the value, or
    ///   `.view`.
    public mutating func call(_ request: CallRequest) throws(Fault) -> TransactionResult {
        var tracer = NoTracer()
        let request = request.bounded
        let intrinsic = try check(request)
        return try unlessFailed(machine.simulate(request, intrinsic: intrinsic, &tracer))
    }

    /// As `call(_:)`, and tells the tracer.
    public mutating func call(
        _ request: CallRequest, tracer: inout some EVMTracer
    ) throws(Fault) -> TransactionResult {
        let request = request.bounded
        let intrinsic = try check(request)
        return try unlessFailed(machine.simulate(request, intrinsic: intrinsic, &tracer))
    }

    /// Gives wei to an account out of nothing: the subsidy.
    /// - Throws: `.view` only.
    public mutating func credit(_ address: Address, _ wei: UInt256) throws(Fault) {
        machine.journal.beginTransaction()
        machine.journal.add(wei, to: machine.journal.account(address))
        machine.journal.finishTransaction()
        _ = try unlessFailed(())
    }

    /// The account at `address` as it is after the transactions so far; nil if it does not exist.
    /// - Throws: `.view` only.
    public mutating func account(_ address: Address) throws(Fault) -> AccountState? {
        let index = machine.journal.account(address)
        return try unlessFailed(machine.journal.exists(index) ? machine.journal.state(index) : nil)
    }

    /// What changed, compared with the view.
    /// - Throws: `.view` only: then an earlier result was wrong.
    public func diff() throws(Fault) -> StateDiff {
        try unlessFailed(machine.journal.diff())
    }

    // MARK: Checks

    private mutating func check(_ transaction: RecoveredTransaction) throws(Fault) {
        do throws(TransactionFault) {
            try transaction.fields.checkRules(chainID: environment.chainID)
        } catch {
            throw .transaction(error)
        }
        do throws(StateFault) {
            try machine.check(transaction.fields, from: transaction.sender, gasLeft: gasLeft)
        } catch {
            if let failure = reader.failure { throw .view(failure) }
            throw .state(error)
        }
    }

    /// - Returns: the intrinsic gas.
    private mutating func check(_ request: CallRequest) throws(Fault) -> UInt64 {
        let fields = TransactionFields.dynamicFee(
            chainID: environment.chainID, nonce: 0, maxPriorityFeePerGas: .zero, maxFeePerGas: .zero,
            gasLimit: request.gasLimit, to: request.to, value: request.value,
            data: request.data, accessList: request.accessList)
        do throws(TransactionFault) {
            try fields.checkRules(chainID: environment.chainID)
        } catch {
            throw .transaction(error)
        }
        let balance = machine.journal.accounts[machine.journal.account(request.from)].balance
        if let failure = reader.failure { throw .view(failure) }
        if balance < request.value { throw .state(.insufficientFunds(balance: balance, needed: request.value)) }
        return fields.intrinsicGas ?? 0
    }

    private mutating func finish(_ result: TransactionResult) throws(Fault) -> TransactionResult {
        let result = try unlessFailed(result)
        gasUsed += result.gasUsed
        return result
    }

    private func unlessFailed<T>(_ value: T) throws(Fault) -> T {
        if let failure = reader.failure { throw .view(failure) }
        return value
    }
}
