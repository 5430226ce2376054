import PoAIPrimitives
import PoAITypes

/// Signed transactions of every kind and form.
enum TransactionSamples {
    static func key() throws -> PrivateKey { try PrivateKey(bytes: [UInt8](repeating: 0x46, count: 32)) }

    static func fields() throws -> [TransactionFields] {
        let to = Address(lastBytesOf: Keccak256.hash([1]))
        let keys = [Keccak256.hash([2]), .zero, Keccak256.hash([2])]
        let list = [
            AccessListEntry(address: to, storageKeys: keys), AccessListEntry(address: .zero, storageKeys: []),
        ]
        let code = [UInt8](repeating: 0x5b, count: 70_000)
        return [
            .legacy(chainID: nil, nonce: 0, gasPrice: 0, gasLimit: 21_000, to: to),
            .legacy(chainID: 27_424, nonce: 9, gasPrice: 20_000_000_000, gasLimit: 21_000, to: to, value: 1),
            .legacy(chainID: .max, nonce: .max, gasPrice: .max, gasLimit: .max, to: nil, value: .max, data: [0]),
            .legacy(chainID: 0, nonce: 1, gasPrice: 1, gasLimit: 1, to: .zero, data: [0x7f]),
            .accessList(chainID: 1, nonce: 2, gasPrice: 3, gasLimit: 4, to: nil, data: [0x80], accessList: []),
            .accessList(
                chainID: 27_424, nonce: 2, gasPrice: 3, gasLimit: 100_000, to: to, value: 5, data: [1, 0, 2],
                accessList: list),
            .dynamicFee(
                chainID: 27_424, nonce: 7, maxPriorityFeePerGas: 1, maxFeePerGas: 1 << 200, gasLimit: 90_000, to: to,
                value: 1 << 90, data: [0, 0, 1], accessList: list),
            .dynamicFee(
                chainID: .max, nonce: 0, maxPriorityFeePerGas: .max, maxFeePerGas: 0, gasLimit: 0, to: nil, data: code),
        ]
    }

    static func all() throws -> [Transaction] {
        let key = try key()
        return try fields().map { $0.signed(by: key) }
    }
}
