// PoAIWork: see docs/architecture.md.
