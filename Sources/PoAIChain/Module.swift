// PoAIChain: see docs/architecture.md.
