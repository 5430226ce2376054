import PoAIPrimitives

extension ChainSpec {
    /// The range checks of docs/spec/consensus.md, "Chain spec".
    func validate() throws(ChainSpecError) {
        try check("name", name, Self.isLabel(name, also: "-"), "1 to 32 characters of a-z, 0-9 and -")
        // The bound is the largest id that common wallets accept.
        try check("chainID", chainID, in: 1...4_503_599_627_370_476)
        try check("blockInterval", blockInterval, in: 1...86_400)
        try check("retargetInterval", retargetInterval, in: 1...1_000_000)
        try check("epochBlocks", epochBlocks, in: 1...1_000_000_000)
        try check("maxFutureSeconds", maxFutureSeconds, in: 1...86_400)
        try check("medianTimeBlocks", medianTimeBlocks, in: 1...101)
        try check("medianTimeBlocks", medianTimeBlocks, medianTimeBlocks % 2 == 1, "an odd number")
        try checkTargets()
        try check("genesisTimestamp", genesisTimestamp, in: 0...0xffff_ffff_ffff)
        try check("genesisGasLimit", genesisGasLimit, in: 5000...0x7fff_ffff_ffff_ffff)
        try check("halvingInterval", halvingInterval, in: 1...1_000_000_000_000)
        try check("quiz.tokenCount", UInt64(clamping: quiz.tokenCount), in: 16...512)
        try check("quiz.scoredTokens", UInt64(clamping: quiz.scoredTokens), in: 1...UInt64(quiz.tokenCount / 8))
        try checkModels()
        try checkSupply()
    }

    private func checkTargets() throws(ChainSpecError) {
        let rule = "the compact form of a positive target in its shortest encoding"
        guard let limit = CompactTarget.target(powLimitBits), CompactTarget.encode(limit) == powLimitBits else {
            throw .value(key: "powLimitBits", got: Self.hex(powLimitBits), expected: rule)
        }
        guard let genesis = CompactTarget.target(genesisBits), CompactTarget.encode(genesis) == genesisBits else {
            throw .value(key: "genesisBits", got: Self.hex(genesisBits), expected: rule)
        }
        guard genesis <= limit else {
            let expected = "a target not above powLimitBits \(Self.hex(powLimitBits))"
            throw .value(key: "genesisBits", got: Self.hex(genesisBits), expected: expected)
        }
    }

    private func checkModels() throws(ChainSpecError) {
        guard let first = models.first else {
            throw .value(key: "models", got: "an empty list", expected: "at least one model")
        }
        let height = first.activationHeight
        try check("models[0].activationHeight", height, height == 0, "0")
        for (index, model) in models.enumerated() {
            let key = "models[\(index)]"
            if index > 0 {
                let previous = models[index - 1].activationHeight
                let height = model.activationHeight
                try check("\(key).activationHeight", height, height > previous, "more than the previous, \(previous)")
            }
            let engineRule = "1 to 32 characters of a-z, 0-9, - and ."
            try check("\(key).engine", model.engine, Self.isLabel(model.engine, also: "-."), engineRule)
            let isPrintable = model.name.utf8.allSatisfy { (0x20...0x7e).contains($0) }
            let hasLength = (1...64).contains(model.name.utf8.count)
            try check("\(key).name", model.name, isPrintable && hasLength, "1 to 64 printable ASCII characters")
        }
    }

    /// Balances are sums of allocations and subsidies: none can overflow if the sum of all of them cannot.
    private func checkSupply() throws(ChainSpecError) {
        let mined = initialSubsidy.multipliedReportingOverflow(by: UInt256(2 * halvingInterval))
        var total = mined.partialValue
        try check("initialSubsidy", initialSubsidy, !mined.overflow, "a total supply of less than 2^256 wei")
        for (index, entry) in alloc.enumerated() {
            let key = "alloc[\(index)]"
            if index > 0 {
                let previous = alloc[index - 1].address
                try check(
                    "\(key).address", entry.address, entry.address > previous, "an address after \(previous)")
            }
            try check("\(key).wei", entry.wei, !entry.wei.isZero, "more than 0")
            let sum = total.addingReportingOverflow(entry.wei)
            try check("\(key).wei", entry.wei, !sum.overflow, "a total supply of less than 2^256 wei")
            total = sum.partialValue
        }
    }

    private func check(_ key: String, _ value: UInt64, in range: ClosedRange<UInt64>) throws(ChainSpecError) {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        try check(key, value, range.contains(value), expected)
    }

    private func check(
        _ key: String, _ value: some CustomStringConvertible, _ holds: Bool, _ expected: String
    ) throws(ChainSpecError) {
        guard holds else { throw .value(key: key, got: value.description, expected: expected) }
    }

    private static func isLabel(_ text: String, also extra: String) -> Bool {
        let allowed = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8) + Array(extra.utf8)
        return (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { allowed.contains($0) }
    }

    /// Compact bits as specs and messages write them: `0x` and eight digits.
    package static func hex(_ bits: UInt32) -> String {
        let digits = String(bits, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
