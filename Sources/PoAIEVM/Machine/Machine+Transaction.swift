import PoAIPrimitives
import PoAITypes

extension Machine {
    /// A transaction or a call from outside, checked.
    struct Invocation {
        let from: Address
        let to: Address?
        let value: UInt256
        let data: [UInt8]
        let accessList: [AccessListEntry]
        /// Without the intrinsic gas.
        let gas: Int64
        /// The sender's nonce before the transaction.
        let nonce: UInt64
    }

    /// Runs the outermost call or creation. Gas is neither bought nor paid for here.
    mutating func invoke<T: EVMTracer>(_ invocation: Invocation, _ tracer: inout T) -> Address? {
        origin = UInt256(invocation.from)
        outputSize = 0
        warmUp(invocation)
        place(invocation.data)
        let address = invocation.to ?? ContractAddress.create(invocation.from, nonce: invocation.nonce)
        let message = Message(
            kind: invocation.to == nil ? .create : .call, caller: origin, target: UInt256(address),
            codeAddress: UInt256(address), value: invocation.value, gas: invocation.gas, isStatic: false,
            inputOffset: 0, inputSize: invocation.data.count, outputOffset: 0, outputSize: 0)
        let status: Status
        if invocation.to == nil {
            status = beginCreation(message, creator: journal.account(invocation.from), &tracer)
        } else {
            status = begin(message, codeAccount: journal.account(address), &tracer)
        }
        if status == .entered { run(&tracer) }
        return invocation.to == nil && outcome.status == .returned ? address : nil
    }

    /// What is accessed at the cheap price from the begin (EIP-2929, EIP-2930, EIP-3651).
    private mutating func warmUp(_ invocation: Invocation) {
        for address in Precompiles.addresses { _ = journal.warm(account: journal.account(address)) }
        _ = journal.warm(account: journal.account(environment.miner))
        _ = journal.warm(account: journal.account(invocation.from))
        if let to = invocation.to { _ = journal.warm(account: journal.account(to)) }
        for entry in invocation.accessList {
            let account = journal.account(entry.address)
            _ = journal.warm(account: account)
            for key in entry.storageKeys {
                _ = journal.warm(slot: journal.slot(UInt256(bigEndian: key), of: account))
            }
        }
    }

    private mutating func place(_ data: [UInt8]) {
        memory.shrink()
        output.shrink()
        memory.reserve(data.count, keeping: 0)
        data.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { memory.start.update(from: start, count: bytes.count) }
        }
    }

    // MARK: A transaction of the block

    /// Whether the transaction can be the next one.
    mutating func check(_ fields: TransactionFields, from sender: Address, gasLeft: UInt64) throws(StateFault) {
        guard fields.gasLimit <= gasLeft, fields.gasLimit <= UInt64(Int64.max) else {
            throw .gasLimitAboveBlock(got: fields.gasLimit, left: gasLeft)
        }
        guard fields.maxFeePerGas >= environment.baseFee else {
            throw .maxFeeBelowBaseFee(got: fields.maxFeePerGas, baseFee: environment.baseFee)
        }
        let account = journal.accounts[journal.account(sender)]
        guard account.hasNoCode else { throw .senderHasCode }
        if fields.nonce < account.nonce { throw .nonceTooLow(got: fields.nonce, expected: account.nonce) }
        if fields.nonce > account.nonce { throw .nonceTooHigh(got: fields.nonce, expected: account.nonce) }
        guard let cost = fields.maxCost, cost <= account.balance else {
            throw .insufficientFunds(balance: account.balance, needed: fields.maxCost)
        }
    }

    /// Executes a transaction that passed all checks.
    mutating func transact<T: EVMTracer>(
        _ fields: TransactionFields, from sender: Address, _ tracer: inout T
    ) -> TransactionResult {
        journal.beginTransaction()
        baseFee = environment.baseFee
        gasPrice = fields.effectiveGasPrice(baseFee: baseFee) ?? .zero
        let account = journal.account(sender)
        _ = journal.subtract(gasPrice &* UInt256(fields.gasLimit), from: account)
        journal.setNonce(fields.nonce &+ 1, of: account)
        let created = invoke(
            Invocation(
                from: sender, to: fields.to, value: fields.value, data: fields.data, accessList: fields.accessList,
                gas: Self.gas(fields.gasLimit, without: fields.intrinsicGas), nonce: fields.nonce),
            &tracer)
        let (used, refunded) = settleGas(limit: fields.gasLimit)
        journal.add(gasPrice &* UInt256(fields.gasLimit &- used), to: account)
        let tip = gasPrice &- baseFee
        journal.add(tip &* UInt256(used), to: journal.account(environment.miner))
        journal.finishTransaction()
        return result(used, refunded, created)
    }

    /// Executes a call, whose changes are undone at the end. Nothing is paid.
    mutating func simulate<T: EVMTracer>(_ request: CallRequest, intrinsic: UInt64, _ tracer: inout T)
        -> TransactionResult
    {
        journal.beginTransaction()
        let checkpoint = journal.checkpoint()
        baseFee = request.gasPrice.isZero ? .zero : environment.baseFee
        gasPrice = request.gasPrice
        let account = journal.account(request.from)
        let nonce = journal.accounts[account].nonce
        if request.to == nil, nonce < .max { journal.setNonce(nonce + 1, of: account) }
        let created = invoke(
            Invocation(
                from: request.from, to: request.to, value: request.value, data: request.data,
                accessList: request.accessList, gas: Self.gas(request.gasLimit, without: intrinsic), nonce: nonce),
            &tracer)
        let (used, refunded) = settleGas(limit: request.gasLimit)
        let result = result(used, refunded, created)
        journal.revert(checkpoint)
        return result
    }

    private static func gas(_ limit: UInt64, without intrinsic: UInt64?) -> Int64 {
        Int64(clamping: limit.subtractingReportingOverflow(intrinsic ?? 0).partialValue)
    }

    /// Gas used of the limit, after the refund, which is at most a fifth (EIP-3529).
    private func settleGas(limit: UInt64) -> (used: UInt64, refunded: UInt64) {
        let used = limit &- UInt64(clamping: outcome.gas)
        let refund = min(UInt64(clamping: journal.refund), used / 5)
        return (used &- refund, refund)
    }

    private func result(_ used: UInt64, _ refunded: UInt64, _ created: Address?) -> TransactionResult {
        TransactionResult(
            status: ExecutionStatus(outcome.status), gasUsed: used, gasRefunded: refunded, logs: journal.logs,
            output: Array(UnsafeBufferPointer(start: output.start, count: outputSize)), createdAddress: created)
    }
}
