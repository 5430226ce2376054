import PoAIPrimitives
import PoAIRPC
import PoAITypes
import PoAIWork

/// Quizzes for JSON-RPC, by the tokenizer of the model that this node runs.
struct NodeQuizzes: QuizSource {
    let work: WorkEngine
    let spec: ChainSpec

    func quiz(seed: Hash32, height: UInt64) throws(RPCError) -> Quiz {
        let pin = spec.model(at: height)
        guard pin.sha256 == work.model.sha256 else {
            throw .server("the quizzes of height \(height) need the model \(pin.name), which this node does not run")
        }
        return work.generator.quiz(seed: seed)
    }
}
