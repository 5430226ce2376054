// Tests of PoAICommands.
