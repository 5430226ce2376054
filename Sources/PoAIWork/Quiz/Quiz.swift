import PoAIPrimitives

/// What a question is about. The raw value is the family's number in docs/spec/quiz.md, section 4.
public enum QuizFamily: UInt8, CaseIterable, Hashable, Sendable {
    /// `17 + 25 = `
    case addition
    /// `42 - 25 = `
    case subtraction
    /// `6 times 7 is `
    case multiplication
    /// `Continue: 4, 7, 10, 13, `
    case pattern
    /// `Sort A to Z: tree, book, lion`
    case alphabetical
    /// Orderings, syllogisms, knights and knaves, conditionals.
    case logic
    /// `A stitch in time`
    case completion
}

/// One question of a quiz and its true answer.
public struct QuizItem: Hashable, Sendable {
    /// What it is about.
    public let family: QuizFamily
    /// The question piece: ASCII, begins with a newline.
    public let question: [UInt8]
    /// The answer piece: ASCII, not empty.
    public let answer: [UInt8]

    package init(family: QuizFamily, question: [UInt8], answer: [UInt8]) {
        self.family = family
        self.question = question
        self.answer = answer
    }
}

/// The work of one nonce: a token sequence made from a quiz seed, and which of its tokens are scored.
/// docs/spec/quiz.md.
public struct Quiz: Hashable, Sendable {
    /// What the quiz was made from, and nothing else.
    public let seed: Hash32
    /// The sub-seed index of the draw that was used, 0...255. Nearly always 0.
    public let subSeed: UInt32
    /// The four ordinary token ids that the sequence begins with.
    public let salt: [UInt32]
    /// The questions in their order. The last ones may lie partly or wholly beyond the cut.
    public let items: [QuizItem]
    /// The sequence: exactly the rules' token count.
    public let tokens: [UInt32]
    /// Positions in `tokens` of the scored answer tokens, ascending, each at least 1; exactly as many as the rules say.
    public let scored: [Int]

    /// All questions and answers in full, one after another, without the salt (whose bytes need not be text). ASCII.
    public var textBytes: [UInt8] {
        items.flatMap { $0.question + $0.answer }
    }

    /// `textBytes` for people to read.
    public var text: String {
        String(decoding: textBytes, as: UTF8.self)
    }
}
