// PoAICommands: see docs/architecture.md.
