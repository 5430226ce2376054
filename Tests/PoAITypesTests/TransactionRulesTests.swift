import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Transaction rules")
struct TransactionRulesTests {
    private func fields(
        chain: UInt64 = 5, nonce: UInt64 = 0, tip: UInt256 = 1, fee: UInt256 = 2, gas: UInt64 = 1_000_000,
        to: Address? = .zero, value: UInt256 = 0, data: [UInt8] = [], list: [AccessListEntry] = []
    ) -> TransactionFields {
        .dynamicFee(
            chainID: chain, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gas, to: to,
            value: value, data: data, accessList: list)
    }

    private func legacy(chain: UInt64?) -> TransactionFields {
        .legacy(chainID: chain, nonce: 0, gasPrice: 1, gasLimit: 21_000, to: .zero)
    }

    @Test("Intrinsic gas: 21000, 32000 to create, data, access list, words of initcode")
    func intrinsicGas() {
        let entry = AccessListEntry(address: .zero, storageKeys: [.zero, .zero])
        let bare = AccessListEntry(address: .zero, storageKeys: [])
        let cases: [(TransactionFields, UInt64)] = [
            (fields(), 21_000), (fields(to: nil), 53_000), (fields(data: [0]), 21_004), (fields(data: [1]), 21_016),
            (fields(data: [0, 1, 0, 255]), 21_040), (fields(to: nil, data: [0]), 53_006),
            (fields(to: nil, data: [UInt8](repeating: 1, count: 32)), 53_000 + 32 * 16 + 2),
            (fields(to: nil, data: [UInt8](repeating: 1, count: 33)), 53_000 + 33 * 16 + 4),
            (fields(list: [bare]), 23_400), (fields(list: [entry, bare]), 21_000 + 2 * 2400 + 2 * 1900),
            (legacy(chain: nil), 21_000),
        ]
        for (fields, gas) in cases { #expect(fields.intrinsicGas == gas) }
    }

    @Test("Each rule is kept at its limit and broken beyond it")
    func limits() throws {
        func expect(_ fault: TransactionFault, _ fields: TransactionFields) {
            #expect(throws: fault) { try fields.checkRules(chainID: 5) }
            #expect(!fault.description.contains("\n") && fault.description.hasPrefix("transaction: "))
        }
        let limit = TransactionFields.maxInitcodeCount
        let good = [
            fields(), legacy(chain: 5), legacy(chain: nil), fields(nonce: .max - 1), fields(tip: 2),
            fields(fee: .max >> 20, gas: 1 << 20), fields(gas: 21_000),
            fields(data: [UInt8](repeating: 0, count: 70_000)),
            fields(to: nil, data: [UInt8](repeating: 0, count: limit)),
        ]
        for fields in good { try fields.checkRules(chainID: 5) }
        expect(.chainID(got: 4, expected: 5), fields(chain: 4))
        expect(.chainID(got: 0, expected: 5), legacy(chain: 0))
        expect(.nonceTooHigh, fields(nonce: .max))
        expect(.priorityFeeAboveMaxFee(priority: 3, maximum: 2), fields(tip: 3))
        expect(.feeOverflow(gasLimit: 1 << 20, price: 1 << 236), fields(fee: 1 << 236, gas: 1 << 20))
        try fields(fee: (1 << 236) &- 1, gas: 1 << 20).checkRules(chainID: 5)
        expect(
            .initcodeTooLong(got: limit + 1, limit: limit),
            fields(to: nil, data: [UInt8](repeating: 0, count: limit + 1)))
        expect(.intrinsicGas(got: 20_999, needed: 21_000), fields(gas: 20_999))
        expect(.intrinsicGas(got: 0, needed: 53_000), fields(gas: 0, to: nil))
    }

    @Test("The price is base fee and tip, never above the maximum")
    func price() {
        let dynamic = fields(tip: 3, fee: 10)
        for (baseFee, price) in [(0, 3), (1, 4), (7, 10), (8, 10), (10, 10), (11, nil), (.max, nil)]
            as [(UInt64, UInt64?)]
        {
            #expect(dynamic.effectiveGasPrice(baseFee: UInt256(baseFee)) == price.map { UInt256($0) })
        }
        let legacy = TransactionFields.legacy(chainID: 1, nonce: 0, gasPrice: 10, gasLimit: 0, to: nil)
        #expect(legacy.effectiveGasPrice(baseFee: 4) == 10)
        #expect(legacy.effectiveGasPrice(baseFee: 10) == 10)
        #expect(legacy.effectiveGasPrice(baseFee: 11) == nil)
        #expect(fields(tip: .max, fee: .max).effectiveGasPrice(baseFee: .max) == .max)
        #expect(fields(tip: .max, fee: .max).effectiveGasPrice(baseFee: 1) == .max)
    }

    @Test("The most a sender may owe is gas at the maximum price and the value")
    func cost() {
        #expect(fields(fee: 2, gas: 10, value: 7).maxCost == 27)
        #expect(fields(fee: 1 << 250, gas: 32, value: (1 << 255) &- 1).maxCost == .max)
        #expect(fields(fee: 1 << 250, gas: 32, value: 1 << 255).maxCost == nil)
        #expect(fields(fee: 1 << 250, gas: 64).maxCost == nil)
    }
}
