// PoAIConsensus: see docs/architecture.md.
