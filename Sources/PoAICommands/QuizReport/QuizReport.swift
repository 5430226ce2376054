import PoAIInference
import PoAIPrimitives
import PoAIWork

/// What `quiz` shows of one quiz. Fields of the forward pass are absent without one, those of a block for a bare seed.
struct QuizReport: Encodable {
    struct Item: Encodable {
        var family: String
        var question: String
        var answer: String
    }

    var seed: String
    var subSeed: UInt32
    var text: String
    var salt: [UInt32]
    var tokens: [UInt32]
    var scored: [Int]
    var items: [Item]

    /// −log p of each scored token in 2⁻¹⁶ nats, and their sum.
    var tokenLosses: [UInt64]?
    var loss: UInt64?
    var digest: String?
    var lhat: String?

    var height: UInt64?
    var block: String?
    var nonce: UInt64?
    var target: String?
    /// Whether the forward pass gave the block's loss and digest, and ℓ̂ is below the target.
    var sealed: Bool?

    init(_ quiz: Quiz) {
        seed = quiz.seed.hex
        subSeed = quiz.subSeed
        text = quiz.text
        salt = quiz.salt
        tokens = quiz.tokens
        scored = quiz.scored
        items = quiz.items.map {
            Item(
                family: "\($0.family)", question: String(decoding: $0.question, as: UTF8.self),
                answer: String(decoding: $0.answer, as: UTF8.self))
        }
    }

    init(_ solved: SolvedQuiz) {
        self.init(solved.quiz)
        tokenLosses = solved.trace.tokenLosses
        loss = solved.trace.loss
        digest = solved.trace.digest.hex
        lhat = solved.seal.lhat.bigEndianHash.hex
    }

    /// Adds the block that the quiz belongs to.
    mutating func add(_ subject: QuizBlock) {
        height = subject.header.number
        block = subject.header.hash.hex
        nonce = subject.header.nonce
        target = subject.target.bigEndianHash.hex
        guard let loss, let digest, let lhat else { return }
        let isClaimed = loss == subject.header.loss && digest == subject.header.mixHash.hex
        sealed = isClaimed && lhat < subject.target.bigEndianHash.hex
    }

    /// The report for people.
    var lines: [String] {
        var lines: [String] = []
        if let height, let block, let nonce { lines.append("Block     \(height) \(block), nonce \(nonce)") }
        lines += ["Seed      \(seed)", "Quiz      \(tokens.count) tokens, scored at \(scored)"]
        for item in items {
            let (question, answer) = (Self.visible(item.question), Self.visible(item.answer))
            lines.append("  \(Self.pad(item.family, 15)) \(question) -> \(answer)")
        }
        if let loss, let tokenLosses, let digest, let lhat {
            let nats = tokenLosses.map { DecimalText.of(Double($0) / 65_536, 3) }.joined(separator: " ")
            lines += [
                "Loss      \(loss) = \(DecimalText.of(Double(loss) / 65_536, 3)) nats: \(nats)",
                "Digest    \(digest)", "l-hat     \(lhat)",
            ]
        }
        if let target { lines.append("Target    \(target)") }
        if let sealed { lines.append(sealed ? "The seal is right." : "The seal is WRONG.") }
        return lines
    }

    private static func visible(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: " | ")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
