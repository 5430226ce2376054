import PoAIPrimitives
import PoAITypes

/// The transaction of a test, with several data, gas limits and values to choose from.
struct StateTestTransaction {
    private let field: StateTestField

    init(_ field: StateTestField) { self.field = field }

    /// Whether it carries blobs (EIP-4844).
    var hasBlobs: Bool { field.optional("blobVersionedHashes") != nil || field.optional("maxFeePerBlobGas") != nil }

    /// The data that the choice gives it.
    func data(_ choice: StateTestChoice) throws(StateTestError) -> [UInt8] {
        try field.field("data").item(choice.data).bytes()
    }

    /// The one that the post state's `indexes` choose.
    ///
    /// - Parameter encoded: the post state's `txbytes`, nil if it has none.
    /// - Returns: the transaction, or why it is none.
    func choose(
        _ choice: StateTestChoice, encoded: [UInt8]?
    ) throws(StateTestError) -> Result<RecoveredTransaction, StateTestRejection> {
        let transaction: Transaction
        if let encoded {
            do { transaction = try Transaction(encoded: encoded) } catch { return .failure(.undecodable(error)) }
            guard try isSame(transaction.fields, as: fields(choice, kind: transaction.fields.kind)) else {
                throw StateTestError("\(field.path): txbytes hold another transaction than \(choice)")
            }
        } else {
            let secret = try field.field("secretKey")
            guard let key = try? PrivateKey(bytes: secret.bytes()) else { throw secret.fault("a private key") }
            transaction = try fields(choice, kind: kind(choice)).signed(by: key)
        }
        do {
            return .success(try RecoveredTransaction(transaction))
        } catch {
            return .failure(.invalid(error))
        }
    }

    private func kind(_ choice: StateTestChoice) throws(StateTestError) -> Transaction.Kind {
        if field.optional("maxFeePerGas") != nil { return .dynamicFee }
        guard let lists = field.optional("accessLists") else { return .legacy }
        return try lists.item(choice.data).value == .null ? .legacy : .accessList
    }

    private func fields(
        _ choice: StateTestChoice, kind: Transaction.Kind
    ) throws(StateTestError) -> TransactionFields {
        let nonce = try field.field("nonce").number()
        let gasLimit = try field.field("gasLimit").item(choice.gas).number()
        let value = try field.field("value").item(choice.value).word()
        let data = try data(choice)
        let accessList = try accessList(choice)
        let to = try receiver()
        switch kind {
        case .legacy:
            return .legacy(
                chainID: 1, nonce: nonce, gasPrice: try field.field("gasPrice").word(), gasLimit: gasLimit, to: to,
                value: value, data: data)
        case .accessList:
            return .accessList(
                chainID: 1, nonce: nonce, gasPrice: try field.field("gasPrice").word(), gasLimit: gasLimit, to: to,
                value: value, data: data, accessList: accessList)
        case .dynamicFee:
            return .dynamicFee(
                chainID: 1, nonce: nonce, maxPriorityFeePerGas: try field.field("maxPriorityFeePerGas").word(),
                maxFeePerGas: try field.field("maxFeePerGas").word(), gasLimit: gasLimit, to: to, value: value,
                data: data, accessList: accessList)
        }
    }

    private func receiver() throws(StateTestError) -> Address? {
        guard let to = field.optional("to"), try !to.text().isEmpty else { return nil }
        return try to.address()
    }

    private func accessList(_ choice: StateTestChoice) throws(StateTestError) -> [AccessListEntry] {
        guard let lists = field.optional("accessLists") else { return [] }
        let list = try lists.item(choice.data)
        if list.value == .null { return [] }
        var entries: [AccessListEntry] = []
        for entry in try list.items() {
            var keys: [Hash32] = []
            for key in try entry.field("storageKeys").items() { keys.append(try key.hash()) }
            entries.append(AccessListEntry(address: try entry.field("address").address(), storageKeys: keys))
        }
        return entries
    }

    private func isSame(_ left: TransactionFields, as right: TransactionFields) -> Bool {
        left.nonce == right.nonce && left.gasLimit == right.gasLimit && left.to == right.to
            && left.value == right.value && left.data == right.data && left.accessList == right.accessList
            && left.maxFeePerGas == right.maxFeePerGas && left.maxPriorityFeePerGas == right.maxPriorityFeePerGas
    }
}

/// Which data, gas limit and value of the transaction a post state is for.
struct StateTestChoice: CustomStringConvertible {
    let data: Int
    let gas: Int
    let value: Int

    init(_ field: StateTestField) throws(StateTestError) {
        data = try field.field("data").index()
        gas = try field.field("gas").index()
        value = try field.field("value").index()
    }

    var description: String { "data \(data), gas \(gas), value \(value)" }
}
