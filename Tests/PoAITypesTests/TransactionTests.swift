import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Transaction")
struct TransactionTests {
    @Test("Bytes, hash, signature and sender are those that eth-account gives")
    func golden() throws {
        let key = try TransactionSamples.key()
        let vectors = try TransactionGolden.load().transactions
        #expect(vectors.count == 10)
        for vector in vectors {
            let made = try vector.fields().signed(by: key)
            let raw = try Hex.decode(vector.raw)
            #expect(made.encoded() == raw, "\(vector.name)")
            #expect(try Transaction(encoded: raw) == made, "\(vector.name)")
            #expect(made.hash == (try Hash32(hex: vector.hash)), "\(vector.name)")
            #expect(try made.recoverSender().checksummed == vector.sender, "\(vector.name)")
            #expect(made.v == (try UInt256(hex: vector.v)), "\(vector.name)")
            #expect(made.signature.r == (try UInt256(hex: vector.r)), "\(vector.name)")
            #expect(made.signature.s == (try UInt256(hex: vector.s)), "\(vector.name)")
        }
    }

    /// The example in the text of EIP-155.
    @Test("EIP-155's example")
    func eip155() throws {
        let fields = TransactionFields.legacy(
            chainID: 1, nonce: 9, gasPrice: 20_000_000_000, gasLimit: 21_000,
            to: Address([UInt8](repeating: 0x35, count: 20)), value: 1_000_000_000_000_000_000)
        #expect(fields.signingHash.hex == "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
        let signed = fields.signed(by: try TransactionSamples.key())
        #expect(signed.v == 37)
        #expect(
            signed.signature.r
                == UInt256(decimal: "18515461264373351373200002665853028612451056578545711640558177340181847433846"))
        #expect(
            signed.signature.s
                == UInt256(decimal: "46948507304638947509940763649030358759909902576025900602547168820602576006531"))
    }

    @Test("Every kind survives both forms, and its signer is recovered")
    func roundTrip() throws {
        let sender = try TransactionSamples.key().address
        for transaction in try TransactionSamples.all() {
            let bytes = transaction.encoded()
            #expect(try Transaction(encoded: bytes) == transaction)
            #expect(try Transaction(rlpItem: transaction.rlpItem) == transaction)
            #expect(transaction.hash == Keccak256.hash(bytes))
            let recovered = try RecoveredTransaction(transaction)
            #expect(recovered.sender == sender && recovered.hash == transaction.hash)
            #expect(recovered.fields == transaction.fields)
        }
    }

    @Test("Whatever field is changed, the signature is another account's or nobody's")
    func tampering() throws {
        let key = try TransactionSamples.key()
        let to = Address(lastBytesOf: Keccak256.hash([1]))
        let entry = AccessListEntry(address: to, storageKeys: [.zero])
        func make(
            chain: UInt64 = 1, nonce: UInt64 = 2, tip: UInt256 = 3, fee: UInt256 = 4, gas: UInt64 = 5,
            to: Address? = .zero, value: UInt256 = 6, data: [UInt8] = [7], list: [AccessListEntry] = []
        ) -> TransactionFields {
            .dynamicFee(
                chainID: chain, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gas, to: to,
                value: value, data: data, accessList: list)
        }
        let signature = make().signed(by: key).signature
        #expect(try Transaction(fields: make(), signature: signature).recoverSender() == key.address)
        let others = [
            make(chain: 2), make(nonce: 3), make(tip: 4), make(fee: 5), make(gas: 6), make(to: nil), make(to: to),
            make(value: 7), make(data: []), make(data: [7, 0]), make(list: [entry]),
            .accessList(chainID: 1, nonce: 2, gasPrice: 3, gasLimit: 5, to: .zero, value: 6, data: [7], accessList: []),
            .legacy(chainID: 1, nonce: 2, gasPrice: 3, gasLimit: 5, to: .zero, value: 6, data: [7]),
            .legacy(chainID: nil, nonce: 2, gasPrice: 3, gasLimit: 5, to: .zero, value: 6, data: [7]),
        ]
        for fields in others {
            #expect((try? Transaction(fields: fields, signature: signature).recoverSender()) != key.address)
        }
    }

    @Test("Signatures out of range or with a high s are refused")
    func signatures() throws {
        let good = try #require(try TransactionSamples.all().last)
        let (r, s, parity) = (good.signature.r, good.signature.s, good.signature.recoveryID)
        let order = Secp256k1.order
        let cases: [(UInt256, UInt256, UInt8, Secp256k1Error)] = [
            (0, s, parity, .signatureOutOfRange), (r, 0, parity, .signatureOutOfRange),
            (order, s, parity, .signatureOutOfRange), (r, order, parity, .signatureOutOfRange),
            (.max, s, parity, .signatureOutOfRange), (r, order &- s, parity ^ 1, .highS),
            (r, Secp256k1.halfOrder &+ 1, parity, .highS), (5, s, parity, .unrecoverable),
        ]
        for (r, s, parity, error) in cases {
            let signature = RecoverableSignature(r: r, s: s, recoveryID: parity)
            let transaction = Transaction(fields: good.fields, signature: signature)
            #expect(try Transaction(encoded: transaction.encoded()) == transaction)
            #expect(throws: TransactionFault.signature(error)) { try transaction.recoverSender() }
            #expect(throws: TransactionFault.signature(error)) { try RecoveredTransaction(transaction) }
        }
        // The other key of the same r and s; a recovery id of 2 or 3 has no form on the wire.
        let other = RecoverableSignature(r: r, s: s, recoveryID: parity ^ 1)
        #expect(try Transaction(fields: good.fields, signature: other).recoverSender() != good.recoverSender())
        let wide = RecoverableSignature(r: r, s: s, recoveryID: parity | 2)
        #expect(Transaction(fields: good.fields, signature: wide) == good)
    }
}
