import PoAIEVM
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Calls without transaction.
extension RPCMethods {
    func addCalls(to table: inout RPCMethodTable) {
        table.add("eth_call", 1...3, call)
        table.add("eth_estimateGas", 1...3, estimateGas)
        table.add("eth_createAccessList", 1...3, createAccessList)
    }

    @Sendable private func call(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let result = try simulate(arguments[0], at: arguments[1], overrides: arguments[2]) {
            (simulation) throws(RPCError) in try simulation.run(try simulation.request())
        }
        guard result.succeeded else { throw Revert.error(result) }
        return .data(result.output)
    }

    // MARK: Gas

    @Sendable private func estimateGas(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        .quantity(
            try simulate(arguments[0], at: arguments[1], overrides: arguments[2]) {
                (simulation) throws(RPCError) in try Self.leastGas(&simulation)
            })
    }

    /// The least gas limit with which the call succeeds, found by halving; the best bound so far when time is over.
    private static func leastGas(_ simulation: inout Simulation) throws(RPCError) -> UInt64 {
        var request = try simulation.request()
        request.gasLimit = min(request.gasLimit, try gasAllowance(simulation))
        let first = try simulation.run(request)
        guard first.succeeded else { throw cannotSucceed(first, gas: request.gasLimit) }
        // Neither less than was used before the refund, nor, for most calls, more than that and the 64th part held back
        // at each call of a contract.
        var least = first.gasUsed &- 1
        var most = request.gasLimit
        let used = first.gasUsed &+ first.gasRefunded
        let likely = (used &+ 2300) / 63 &+ used &+ 2300
        if likely < most, try succeeds(&simulation, &request, likely) { most = likely }
        if used < most, try succeeds(&simulation, &request, used) { most = used }
        while least &+ 1 < most, !simulation.deadline.isOver {
            let middle = least &+ (most &- least) / 2
            if try succeeds(&simulation, &request, middle) { most = middle } else { least = middle }
        }
        return most
    }

    /// What the sender can pay for, if it says a price.
    private static func gasAllowance(_ simulation: borrowing Simulation) throws(RPCError) -> UInt64 {
        let parameters = simulation.parameters
        guard let price = parameters.feeCap, !price.isZero else { return .max }
        let balance = try simulation.account(parameters.from)?.balance ?? .zero
        guard parameters.value <= balance else {
            throw .call(.state(.insufficientFunds(balance: balance, needed: parameters.value)))
        }
        return (balance &- parameters.value).divided(by: price)?.quotient.asUInt64 ?? .max
    }

    private static func succeeds(
        _ simulation: inout Simulation, _ request: inout CallRequest, _ gas: UInt64
    ) throws(RPCError) -> Bool {
        request.gasLimit = gas
        do throws(RPCError) {
            return try simulation.run(request).succeeded
        } catch Deadline.timeout {
            return false
        }
    }

    private static func cannotSucceed(_ result: TransactionResult, gas: UInt64) -> RPCError {
        if result.status == .halted(.outOfGas) { return .server("gas required exceeds allowance (\(gas))") }
        return Revert.error(result)
    }

    // MARK: Access lists

    /// Announces what the call touches, until announcing changes no more what it touches.
    @Sendable private func createAccessList(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        try simulate(arguments[0], at: arguments[1], overrides: arguments[2]) { (simulation) throws(RPCError) in
            var request = try simulation.request()
            let nonce = try simulation.account(request.from)?.nonce ?? 0
            let known = [request.from, request.to ?? ContractAddress.create(request.from, nonce: nonce)]
            for _ in 0..<Self.accessListRounds {
                var tracer = AccessListTracer(announced: request.accessList, known: known + Precompiles.addresses)
                let result = try simulation.run(request, tracer: &tracer)
                guard tracer.entries == request.accessList else {
                    request.accessList = tracer.entries
                    continue
                }
                return Self.accessListResult(request.accessList, result)
            }
            throw .server("the accesses of the call depend on its access list: found none that holds")
        }
    }

    private static var accessListRounds: Int { 16 }

    private static func accessListResult(_ list: [AccessListEntry], _ result: TransactionResult) -> JSONValue {
        var fields: [String: JSONValue] = [
            "accessList": .accessList(list), "gasUsed": .quantity(result.gasUsed),
        ]
        if !result.succeeded { fields["error"] = .text(Revert.error(result).message) }
        return .object(fields)
    }
}
