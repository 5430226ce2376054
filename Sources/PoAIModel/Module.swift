// PoAIModel: see docs/architecture.md.
