// PoAIStorage: see docs/architecture.md.
