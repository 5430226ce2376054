// Tests of PoAIConsensus.
