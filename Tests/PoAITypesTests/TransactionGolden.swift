import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAITypes

/// What `scripts/transaction_vectors.py` computed with other people's code.
struct TransactionGolden: Decodable {
    let transactions: [SignedVector]
    let receipts: [ReceiptVector]
    /// Parent's fee, gas used, gas limit; the fee.
    let baseFees: [[String]]

    static func load() throws -> TransactionGolden {
        let file = PackageRoot.file("Tests/Fixtures/PoAITypes/transactions.json")
        return try JSONDecoder().decode(TransactionGolden.self, from: Data(contentsOf: file))
    }
}

struct SignedVector: Decodable {
    struct Entry: Decodable {
        let address: String
        let keys: [String]
    }

    let name, nonce, gas, to, value, data, raw, hash, sender, v, r, s: String
    let type: UInt8
    let chainId, gasPrice, maxFeePerGas, maxPriorityFeePerGas: String?
    let accessList: [Entry]

    func fields() throws -> TransactionFields {
        let recipient = Address(try Hex.decode(to))
        let (nonce, gas) = (try number(nonce), try number(gas))
        let (wei, input) = (try UInt256(hex: value), try Hex.decode(data))
        let entries = try accessList.map { entry in
            AccessListEntry(
                address: try address(entry.address), storageKeys: try entry.keys.map { try Hash32(hex: $0) })
        }
        let price = try gasPrice.map { try UInt256(hex: $0) } ?? .zero
        let chainID = try chainId.map { try number($0) }
        switch type {
        case 0:
            return .legacy(
                chainID: chainID, nonce: nonce, gasPrice: price, gasLimit: gas, to: recipient, value: wei, data: input)
        case 1:
            return .accessList(
                chainID: chainID ?? 0, nonce: nonce, gasPrice: price, gasLimit: gas, to: recipient, value: wei,
                data: input, accessList: entries)
        default:
            return .dynamicFee(
                chainID: chainID ?? 0, nonce: nonce,
                maxPriorityFeePerGas: try UInt256(hex: maxPriorityFeePerGas ?? ""),
                maxFeePerGas: try UInt256(hex: maxFeePerGas ?? ""), gasLimit: gas, to: recipient, value: wei,
                data: input, accessList: entries)
        }
    }
}

struct ReceiptVector: Decodable {
    struct Entry: Decodable {
        let address: String
        let topics: [String]
        let data: String
    }

    let name, cumulativeGasUsed, bloom, encoded: String
    let type: UInt8
    let succeeded: Bool
    let logs: [Entry]

    func receipt() throws -> Receipt {
        guard let kind = Transaction.Kind(rawValue: type) else { throw VectorError.malformed("type \(type)") }
        return Receipt(
            kind: kind, succeeded: succeeded, cumulativeGasUsed: try number(cumulativeGasUsed),
            logs: try logs.map { entry in
                Log(
                    address: try address(entry.address), topics: try entry.topics.map { try Hash32(hex: $0) },
                    data: try Hex.decode(entry.data))
            })
    }
}

private func number(_ text: String) throws -> UInt64 {
    guard let value = try UInt256(hex: text).asUInt64 else { throw VectorError.malformed(text) }
    return value
}

private func address(_ text: String) throws -> Address {
    guard let address = Address(try Hex.decode(text)) else { throw VectorError.malformed(text) }
    return address
}
