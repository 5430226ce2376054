// PoAINode: see docs/architecture.md.
