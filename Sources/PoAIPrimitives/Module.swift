// PoAIPrimitives: see docs/architecture.md.
