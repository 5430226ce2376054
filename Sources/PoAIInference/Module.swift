// PoAIInference: see docs/architecture.md.
