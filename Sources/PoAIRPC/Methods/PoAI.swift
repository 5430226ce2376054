import PoAIChain
import PoAIConsensus
import PoAIJSON
import PoAIPrimitives
import PoAITypes
import PoAIWork

/// poai_*: what only a chain whose work is the run of a language model has. All take a block, `latest` by default.
extension RPCMethods {
    func addPoAI(to table: inout RPCMethodTable) {
        table.add("poai_getSeal", 0...1, seal)
        table.add("poai_getQuiz", 0...1, quiz)
        table.add("poai_getDifficulty", 0...1, difficulty)
        table.add("poai_getEpoch", 0...1, epoch)
        table.add("poai_getModel", 0...1, model)
    }

    // MARK: The work of a block

    @Sendable private func seal(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        .object(try sealFields(try require(try arguments[0].block())))
    }

    private func sealFields(_ place: BlockPlace) throws(RPCError) -> [String: JSONValue] {
        let header = place.header
        guard header.number > 0,
            let expected = try reading({ () throws(ChainError) in try reader.expectations(after: header.parentHash) })
        else { throw .notFound("the genesis block has no seal") }
        let seal = Seal(header: header, epochKey: expected.epochKey)
        return [
            "blockHash": .hash(place.hash), "blockNumber": .quantity(header.number),
            "sealHash": .hash(header.sealHash), "epochKey": .hash(expected.epochKey), "nonce": .nonce(header.nonce),
            "quizSeed": .hash(seal.quizSeed), "loss": .quantity(header.loss), "digest": .hash(header.mixHash),
            "lhat": .word(seal.lhat), "target": .word(expected.target),
        ]
    }

    /// Questions and true answers of the quiz that sealed a block, and the loss of the model on it.
    @Sendable private func quiz(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let place = try require(try arguments[0].block())
        var fields = try sealFields(place)
        guard let source = backend.quizzes else { throw .server("this node has no model at hand to make quizzes with") }
        guard case .text(let text)? = fields["quizSeed"], let seed = try? Hash32(hex: text) else {
            throw .internal("the seal has no quiz seed")
        }
        let quiz = try source.quiz(seed: seed, height: place.header.number)
        fields["text"] = .text(quiz.text)
        fields["items"] = .list(
            quiz.items.map {
                [
                    "family": .text("\($0.family)"), "question": .text(String(decoding: $0.question, as: UTF8.self)),
                    "answer": .text(String(decoding: $0.answer, as: UTF8.self)),
                ]
            })
        fields["salt"] = .list(quiz.salt.map { .integer(UInt64($0)) })
        fields["tokens"] = .list(quiz.tokens.map { .integer(UInt64($0)) })
        fields["scored"] = .list(quiz.scored.map { .integer(UInt64(clamping: $0)) })
        return .object(fields)
    }

    // MARK: The rules of a block

    @Sendable private func difficulty(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let place = try require(try arguments[0].block())
        let work = try reading { () throws(ChainError) in try reader.totalWork(place.hash) } ?? .zero
        let next = try reading { () throws(ChainError) in try reader.expectations(after: place.hash) }
        return [
            "blockHash": .hash(place.hash), "blockNumber": .quantity(place.header.number),
            "bits": .quantity(UInt64(place.header.bits)),
            "target": .word(CompactTarget.target(place.header.bits) ?? .zero),
            "difficulty": .quantity(ForkChoice.work(bits: place.header.bits)), "totalDifficulty": .quantity(work),
            "nextBits": next.map { .quantity(UInt64($0.bits)) } ?? .null,
            "nextTarget": next.map { .word($0.target) } ?? .null,
            "blockInterval": .quantity(chain.spec.blockInterval),
            "retargetInterval": .quantity(chain.spec.retargetInterval),
        ]
    }

    @Sendable private func epoch(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let place = try require(try arguments[0].block())
        let (number, length) = (place.header.number, chain.spec.epochBlocks)
        let index = EpochKey.index(of: number, epochBlocks: length)
        let first = index.multipliedReportingOverflow(by: length).partialValue
        // The key of genesis' epoch is that of the block after it, which is in the same epoch: epochs are longer than 1,
        // or genesis stands alone.
        let parent = number == 0 ? place.hash : place.header.parentHash
        let expected = try reading { () throws(ChainError) in try reader.expectations(after: parent) }
        return [
            "blockNumber": .quantity(number), "epoch": .quantity(index), "epochBlocks": .quantity(length),
            "firstBlock": .quantity(first),
            "lastBlock": .quantity(first.addingReportingOverflow(length - 1).partialValue),
            "seedBlock": .quantity(EpochKey.seedHeight(of: index, epochBlocks: length)),
            "epochKey": number == 0 && length == 1 ? .null : expected.map { .hash($0.epochKey) } ?? .null,
        ]
    }

    @Sendable private func model(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let number = try require(try arguments[0].block()).header.number
        let pin = chain.spec.model(at: number)
        return [
            "blockNumber": .quantity(number), "name": .text(pin.name), "sha256": .hash(pin.sha256),
            "engine": .text(pin.engine), "activationHeight": .quantity(pin.activationHeight),
            "tokenCount": .quantity(chain.spec.quiz.tokenCount),
            "scoredTokens": .quantity(chain.spec.quiz.scoredTokens),
        ]
    }
}
