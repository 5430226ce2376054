// PoAITypes: see docs/architecture.md.
