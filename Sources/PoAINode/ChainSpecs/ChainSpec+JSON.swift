import PoAIJSON
import PoAIPrimitives
import PoAITypes

extension ChainSpec {
    /// The networks whose specs are part of the program.
    public enum Network: String, Sendable, CaseIterable {
        case mainnet, testnet, devnet
    }

    /// The spec of a network, from the JSON file of the same name that was built into the program.
    public static func embedded(_ network: Network) throws(ChainSpecError) -> ChainSpec {
        switch network {
        case .mainnet: try ChainSpec(json: PackageResources.mainnet_json)
        case .testnet: try ChainSpec(json: PackageResources.testnet_json)
        case .devnet: try ChainSpec(json: PackageResources.devnet_json)
        }
    }

    /// Reads a spec from JSON as docs/spec/consensus.md, "Chain spec", describes it: every key once, no others.
    ///
    /// - Throws: `ChainSpecError`, which names the first key that is missing, unknown, of the wrong type or out of range.
    public init(json: [UInt8]) throws(ChainSpecError) {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(json)
        } catch {
            throw .notAnObject(reason: "not valid JSON at byte \(error.offset): expected \(error.expected)")
        }
        let root = try JSONFields(value, keys: Self.keys)
        try self.init(
            name: root.text("name"),
            chainID: root.integer("chainID"),
            blockInterval: root.integer("blockInterval"),
            retargetInterval: root.integer("retargetInterval"),
            epochBlocks: root.integer("epochBlocks"),
            maxFutureSeconds: root.integer("maxFutureSeconds"),
            medianTimeBlocks: root.integer("medianTimeBlocks"),
            powLimitBits: root.bits("powLimitBits"),
            genesisBits: root.bits("genesisBits"),
            genesisTimestamp: root.integer("genesisTimestamp"),
            genesisGasLimit: root.integer("genesisGasLimit"),
            genesisBaseFee: root.wei("genesisBaseFee"),
            initialSubsidy: root.wei("initialSubsidy"),
            halvingInterval: root.integer("halvingInterval"),
            quiz: Self.quiz(root.object("quiz", keys: ["tokenCount", "scoredTokens"])),
            models: Self.models(root.objects("models", keys: ["activationHeight", "sha256", "engine", "name"])),
            alloc: Self.alloc(root.objects("alloc", keys: ["address", "wei"])))
    }

    private static let keys = [
        "name", "chainID", "blockInterval", "retargetInterval", "epochBlocks", "maxFutureSeconds", "medianTimeBlocks",
        "powLimitBits", "genesisBits", "genesisTimestamp", "genesisGasLimit", "genesisBaseFee", "initialSubsidy",
        "halvingInterval", "quiz", "models", "alloc",
    ]

    private static func quiz(_ fields: JSONFields) throws(ChainSpecError) -> QuizParameters {
        QuizParameters(tokenCount: try fields.count("tokenCount"), scoredTokens: try fields.count("scoredTokens"))
    }

    private static func models(_ entries: [JSONFields]) throws(ChainSpecError) -> [ModelPin] {
        var models: [ModelPin] = []
        for fields in entries {
            models.append(
                ModelPin(
                    activationHeight: try fields.integer("activationHeight"), sha256: try fields.hash("sha256"),
                    engine: try fields.text("engine"), name: try fields.text("name")))
        }
        return models
    }

    private static func alloc(_ entries: [JSONFields]) throws(ChainSpecError) -> [Allocation] {
        var alloc: [Allocation] = []
        for fields in entries {
            alloc.append(Allocation(address: try fields.address("address"), wei: try fields.wei("wei")))
        }
        return alloc
    }
}
