import PoAIPrimitives

/// One golden vector of the proof of work: a seed and what every machine must make of it.
///
/// The file format is a JSON object with `tokenCount`, `scoredTokens` and `quizzes`, a list of these. The last three
/// fields are null in vectors of the generator alone.
public struct QuizVector: Codable, Hashable, Sendable {
    /// `0x` and 64 hex digits.
    public var seed: String
    /// Index of the draw used, 0...255.
    public var subSeed: UInt32
    /// All questions and answers, in full and without the salt.
    public var text: String
    /// The four salt ids.
    public var salt: [UInt32]
    /// The token sequence.
    public var tokens: [UInt32]
    /// The scored positions in it.
    public var scored: [Int]
    /// The loss of the forward pass in 2^-16 nats.
    public var loss: UInt64?
    /// The trace digest, `0x` and 64 hex digits.
    public var digest: String?
    /// The number that must be below the target, `0x` and 64 hex digits.
    public var lhat: String?

    /// The vector of `quiz`, with what the model made of it if that is known.
    public init(_ quiz: Quiz, loss: UInt64? = nil, digest: Hash32? = nil, lhat: UInt256? = nil) {
        seed = quiz.seed.hex
        subSeed = quiz.subSeed
        text = quiz.text
        salt = quiz.salt
        tokens = quiz.tokens
        scored = quiz.scored
        self.loss = loss
        self.digest = digest?.hex
        self.lhat = lhat?.bigEndianHash.hex
    }

    /// Nil if `made` is as `self` says; else one line that names the first field that differs.
    public func mismatch(with made: QuizVector) -> String? {
        func differs(_ field: String, _ expected: some Any, _ got: some Any) -> String {
            "golden vector \(seed): \(field) is \(got), expected \(expected)"
        }
        if seed != made.seed { return differs("seed", seed, made.seed) }
        if subSeed != made.subSeed { return differs("sub-seed", subSeed, made.subSeed) }
        if salt != made.salt { return differs("salt", salt, made.salt) }
        if text != made.text { return differs("text", text, made.text) }
        if tokens != made.tokens { return differs("token list", tokens, made.tokens) }
        if scored != made.scored { return differs("list of scored positions", scored, made.scored) }
        if loss != made.loss { return differs("loss", loss ?? 0, made.loss ?? 0) }
        if digest != made.digest { return differs("trace digest", digest ?? "absent", made.digest ?? "absent") }
        if lhat != made.lhat { return differs("lhat", lhat ?? "absent", made.lhat ?? "absent") }
        return nil
    }
}

/// A file of golden vectors that share their rules.
public struct QuizVectorFile: Codable, Hashable, Sendable {
    /// The rules' token count.
    public var tokenCount: Int
    /// The rules' number of scored tokens.
    public var scoredTokens: Int
    /// The vectors.
    public var quizzes: [QuizVector]

    /// A file of `quizzes`, all made with `rules`.
    public init(rules: QuizRules, quizzes: [QuizVector]) {
        tokenCount = rules.tokenCount
        scoredTokens = rules.scoredTokens
        self.quizzes = quizzes
    }

    /// The `index`-th golden seed: Keccak256("poai/quiz/golden" ‖ be32(index)).
    public static func seed(_ index: UInt32) -> Hash32 {
        var preimage = Array("poai/quiz/golden".utf8)
        withUnsafeBytes(of: index.bigEndian) { preimage.append(contentsOf: $0) }
        return Keccak256.hash(preimage)
    }

    /// The file's JSON text: one field per line, always in the same order, so that it can be compared and committed.
    public var json: String {
        """
        {
         "tokenCount": \(tokenCount),
         "scoredTokens": \(scoredTokens),
         "quizzes": [
        \(quizzes.map(Self.json).joined(separator: ",\n"))
         ]
        }

        """
    }

    private static func json(_ vector: QuizVector) -> String {
        var fields = [
            ("seed", quoted(vector.seed)), ("subSeed", "\(vector.subSeed)"), ("text", quoted(vector.text)),
            ("salt", "\(vector.salt)"), ("tokens", "\(vector.tokens)"), ("scored", "\(vector.scored)"),
        ]
        if let loss = vector.loss { fields.append(("loss", "\(loss)")) }
        if let digest = vector.digest { fields.append(("digest", quoted(digest))) }
        if let lhat = vector.lhat { fields.append(("lhat", quoted(lhat))) }
        return "  {\n" + fields.map { "   \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n  }"
    }

    /// A JSON string of ASCII text; every byte that JSON does not allow as it is becomes an escape.
    private static func quoted(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"):
                bytes += Array("\\n".utf8)
            case 0..<0x20:
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }
}
