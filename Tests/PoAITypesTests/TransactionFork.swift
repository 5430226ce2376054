import PoAIPrimitives
import PoAITypes

/// The forks in the public transaction vectors. Shanghai and Cancun have the rules of this chain; for the forks before them
/// the difference is written down here.
enum TransactionFork: String, CaseIterable, Comparable {
    case frontier = "Frontier", homestead = "Homestead", eip150 = "EIP150", eip158 = "EIP158", byzantium = "Byzantium"
    case constantinople = "Constantinople", petersburg = "ConstantinopleFix", istanbul = "Istanbul", berlin = "Berlin"
    case london = "London", paris = "Paris", shanghai = "Shanghai", cancun = "Cancun"

    enum Verdict {
        case valid(hash: Hash32, sender: Address, gas: UInt64)
        case refused(String)
    }

    static func < (left: Self, right: Self) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }

    /// What the fork says about an envelope, on chain 1.
    func verdict(hex: String) -> Verdict {
        do {
            let transaction = try Transaction(encoded: try Hex.decode(hex))
            if self >= .shanghai {
                try transaction.fields.checkRules(chainID: 1)
                let recovered = try RecoveredTransaction(transaction)
                guard let gas = transaction.fields.intrinsicGas else { return .refused("gas") }
                return .valid(hash: recovered.hash, sender: recovered.sender, gas: gas)
            }
            return try old(transaction)
        } catch {
            return .refused("\(error)")
        }
    }

    private func old(_ transaction: Transaction) throws -> Verdict {
        let fields = transaction.fields
        let newest: Self = fields.kind == .legacy ? .frontier : fields.kind == .accessList ? .berlin : .london
        if self < newest { return .refused("type") }
        if fields.kind == .legacy, self < .eip158, fields.chainID != nil { return .refused("v") }
        do throws(TransactionFault) {
            try fields.checkRules(chainID: 1)
        } catch {
            switch error {
            case .initcodeTooLong, .intrinsicGas: break
            default: throw error
            }
        }
        let gas = try gas(of: fields)
        if gas > fields.gasLimit { return .refused("gas \(gas)") }
        let digest = fields.signingHash
        let key = try transaction.signature.recover(digest: digest, allowingHighS: self < .homestead)
        return .valid(hash: transaction.hash, sender: key.address, gas: gas)
    }

    /// Intrinsic gas before EIP-3860, EIP-2028 and, in Frontier, EIP-2.
    private func gas(of fields: TransactionFields) throws -> UInt64 {
        let creates = fields.to == nil
        var gas = fields.intrinsicGas ?? .max
        if creates { gas -= 2 * UInt64((fields.data.count + 31) / 32) }
        if creates, self < .homestead { gas -= 32_000 }
        if self < .istanbul { gas += 52 * UInt64(fields.data.count { $0 != 0 }) }
        return gas
    }
}
