import PoAIPrimitives
import PoAITypes

/// The transaction decoder: what it accepts encodes to the same bytes in both forms, and its rules and signature are answered
/// for without a trap; what it refuses in one form it refuses in the other.
enum TransactionTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(TransactionDecodingError) {
            let transaction = try Transaction(encoded: input)
            require(transaction.encoded() == input, "what was accepted encodes to the same bytes")
            require(transaction.hash == Keccak256.hash(input), "the hash of the bytes")
            require((try? Transaction(rlpItem: transaction.rlpItem)) == transaction, "the form in a block")
            check(transaction.fields)
            checkSender(transaction)
        } catch {
            requireOneLine(error)
            require((try? Transaction(rlpItem: .bytes(input))) == nil, "refused, but not in a block: \(error)")
        }
    }

    private static func check(_ fields: TransactionFields) {
        require((fields.intrinsicGas ?? .max) >= 21_000, "gas for nothing")
        if let price = fields.effectiveGasPrice(baseFee: UInt256(1_000_000_000)) {
            require(price <= fields.maxFeePerGas, "the price is at most the maximum")
        }
        do throws(TransactionFault) {
            try fields.checkRules(chainID: fields.chainID ?? 1)
            let fee = fields.maxFeePerGas.multipliedReportingOverflow(by: UInt256(fields.gasLimit))
            require(!fee.overflow && fields.intrinsicGas.map { $0 <= fields.gasLimit } == true, "in order")
        } catch {
            requireOneLine(error)
        }
    }

    private static func checkSender(_ transaction: Transaction) {
        do throws(TransactionFault) {
            let recovered = try RecoveredTransaction(transaction)
            require(transaction.signature.s <= Secp256k1.halfOrder, "s is low")
            require(recovered.hash == transaction.hash, "the hash of the transaction")
        } catch {
            requireOneLine(error)
        }
    }
}

/// The receipt decoder: what it accepts encodes to the same bytes, and its filter holds what was logged.
enum ReceiptTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(ReceiptDecodingError) {
            let receipt = try Receipt(encoded: input)
            require(receipt.encoded() == input, "what was accepted encodes to the same bytes")
            for log in receipt.logs {
                require(receipt.bloom.mayContain(log.address), "the filter has the address")
                require(log.topics.allSatisfy { receipt.bloom.mayContain(topic: $0) }, "the filter has the topics")
            }
            require(receipt.logs.isEmpty == receipt.bloom.isZero, "no filter without logs")
        } catch {
            requireOneLine(error)
        }
    }
}
