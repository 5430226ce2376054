/// ChatML, the chat format of SmolLM2: each message is `<|im_start|>role\ncontent<|im_end|>\n`.
///
/// Source: `tokenizer.chat_template` in the model file.
public struct ChatTemplate: Sendable {
    /// Who speaks.
    public enum Role: String, Sendable {
        /// Sets the scene; at most the first message.
        case system
        /// The person.
        case user
        /// The model.
        case assistant
    }

    /// One turn of a conversation.
    public struct Message: Sendable {
        /// Who says it.
        public var role: Role
        /// What is said.
        public var content: String

        /// A message.
        public init(_ role: Role, _ content: String) {
            self.role = role
            self.content = content
        }
    }

    /// What the model was trained to be told when the conversation does not begin with a system message.
    public static let defaultSystemPrompt =
        "You are a helpful AI assistant named SmolLM, trained by Hugging Face"

    /// The template.
    public init() {}

    private static let start = "<|im_start|>"
    private static let end = "<|im_end|>"

    /// The conversation as text. With `addGenerationPrompt`, the model's next message is begun.
    public func render(_ messages: [Message], addGenerationPrompt: Bool = true) -> String {
        var text = ""
        for message in withSystemPrompt(messages) {
            text += "\(Self.start)\(message.role.rawValue)\n\(message.content)\(Self.end)\n"
        }
        return addGenerationPrompt ? text + "\(Self.start)\(Role.assistant.rawValue)\n" : text
    }

    /// The conversation as token ids: those of `render`, except that control tokens written inside of a message stay text, so
    /// that a message cannot end itself and speak as another role.
    public func encode(
        _ messages: [Message], with tokenizer: BytePairTokenizer, addGenerationPrompt: Bool = true
    ) -> [UInt32] {
        let start = tokenizer.encode(Self.start, parseSpecial: true)
        let end = tokenizer.encode(Self.end, parseSpecial: true)
        var ids: [UInt32] = []
        for message in withSystemPrompt(messages) {
            ids += start + tokenizer.encode("\(message.role.rawValue)\n\(message.content)") + end
            ids += tokenizer.encode("\n")
        }
        return addGenerationPrompt ? ids + start + tokenizer.encode("\(Role.assistant.rawValue)\n") : ids
    }

    private func withSystemPrompt(_ messages: [Message]) -> [Message] {
        guard let first = messages.first, first.role != .system else { return messages }
        return [Message(.system, Self.defaultSystemPrompt)] + messages
    }
}
