import PoAIChain
import PoAIEVM
import PoAIJSON
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// debug_trace*: executions told step by step or call by call.
extension RPCMethods {
    func addTracing(to table: inout RPCMethodTable) {
        table.add("debug_traceTransaction", 1...2, traceTransaction)
        table.add("debug_traceCall", 1...3, traceCall)
        table.add("debug_traceBlockByNumber", 1...2) { (arguments) throws(RPCError) in
            try traceBlock(try arguments[0].blockNumber(), try TraceConfig(arguments[1]))
        }
        table.add("debug_traceBlockByHash", 1...2) { (arguments) throws(RPCError) in
            try traceBlock(
                .hash(try arguments[0].hash(), requireCanonical: false), try TraceConfig(arguments[1]))
        }
    }

    // MARK: Mined transactions

    @Sendable private func traceTransaction(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let (hash, config) = (try arguments[0].hash(), try TraceConfig(arguments[1]))
        guard let place = try locate(hash)?.place else { throw .server("transaction not found") }
        var bytes = limits.traceBytes
        return try withExecutor(of: place.blockHash, before: place.index) { (executor, transaction) throws(RPCError) in
            try Self.trace(transaction, on: &executor, config, &bytes)
        }
    }

    /// All transactions of a block, in one execution of it.
    private func traceBlock(_ choice: BlockChoice, _ config: TraceConfig) throws(RPCError) -> JSONValue {
        let place = try require(choice)
        guard place.header.number > 0 else { throw .server("genesis is not traceable") }
        guard let block = try body(place.hash), !block.transactions.isEmpty else { return [] }
        var bytes = limits.traceBytes
        let deadline = deadline()
        var traces: [JSONValue] = []
        try withExecutor(of: place.hash, before: 0) { (executor, _) throws(RPCError) in
            for transaction in block.transactions {
                try deadline.check()
                let recovered = try Self.recovered(transaction)
                let trace = try Self.trace(recovered, on: &executor, config, &bytes)
                traces.append(["txHash": .hash(recovered.hash), "result": trace])
            }
        }
        return .list(traces)
    }

    private static func recovered(_ transaction: Transaction) throws(RPCError) -> RecoveredTransaction {
        do throws(TransactionFault) {
            return try RecoveredTransaction(transaction)
        } catch {
            throw .internal("a stored transaction has no sender: \(error)")
        }
    }

    private func withExecutor<R>(
        of hash: Hash32, before index: Int,
        _ body: (inout BlockExecutor<ChainState>, RecoveredTransaction) throws(RPCError) -> R
    ) throws(RPCError) -> R {
        let result = try reading { () throws(ChainError) in
            try reader.withExecutor(of: hash, before: index) {
                (executor, transaction) throws(StorageError) -> Result<R, RPCError> in
                do throws(RPCError) {
                    return .success(try body(&executor, transaction))
                } catch {
                    return .failure(error)
                }
            }
        }
        guard let result else { throw .server("block \(hash) is not canonical: its state is not kept") }
        return try result.get()
    }

    /// - Parameter bytes: what the result may have; what is left of it afterwards.
    private static func trace(
        _ transaction: RecoveredTransaction, on executor: inout BlockExecutor<ChainState>, _ config: TraceConfig,
        _ bytes: inout Int
    ) throws(RPCError) -> JSONValue {
        switch config {
        case .steps(let options):
            return try trace(transaction, on: &executor, StepTracer(options, byteLimit: bytes), &bytes)
        case .calls(let options):
            return try trace(transaction, on: &executor, CallTracer(options, byteLimit: bytes), &bytes)
        }
    }

    private static func trace(
        _ transaction: RecoveredTransaction, on executor: inout BlockExecutor<ChainState>, _ tracer: some ResultTracer,
        _ bytes: inout Int
    ) throws(RPCError) -> JSONValue {
        var tracer = tracer
        let result: TransactionResult
        do throws(ExecutionFault<StorageError>) {
            result = try executor.execute(transaction, tracer: &tracer)
        } catch .view(let error) {
            throw .storage(error)
        } catch {
            throw .internal("a stored transaction is invalid: \(error)")
        }
        bytes = tracer.bytesLeft
        return try finished(tracer, result, gasLimit: transaction.fields.gasLimit)
    }

    // MARK: Calls

    @Sendable private func traceCall(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let config = try TraceConfig(arguments[2])
        guard arguments[2]["blockOverrides"].ifGiven == nil else {
            throw .invalidParams("invalid argument 2: blockOverrides is not supported")
        }
        return try simulate(arguments[0], at: arguments[1], overrides: arguments[2]["stateOverrides"]) {
            (simulation) throws(RPCError) in
            switch config {
            case .steps(let options):
                try Self.trace(&simulation, StepTracer(options, byteLimit: limits.traceBytes))
            case .calls(let options):
                try Self.trace(&simulation, CallTracer(options, byteLimit: limits.traceBytes))
            }
        }
    }

    private static func trace(_ simulation: inout Simulation, _ tracer: some ResultTracer) throws(RPCError) -> JSONValue
    {
        var tracer = tracer
        let request = try simulation.request()
        let result = try simulation.run(request, tracer: &tracer)
        return try finished(tracer, result, gasLimit: request.gasLimit)
    }

    private static func finished(
        _ tracer: some ResultTracer, _ result: TransactionResult, gasLimit: UInt64
    ) throws(RPCError) -> JSONValue {
        guard tracer.bytesLeft > 0 else {
            throw .limit("trace too large: set limit or disableStack, or use the callTracer")
        }
        return tracer.result(result, gasLimit: gasLimit)
    }
}
