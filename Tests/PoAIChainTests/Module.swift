// Tests of PoAIChain.
