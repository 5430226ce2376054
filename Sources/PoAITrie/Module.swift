// PoAITrie: see docs/architecture.md.
