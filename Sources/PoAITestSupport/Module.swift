// PoAITestSupport: see docs/architecture.md.
