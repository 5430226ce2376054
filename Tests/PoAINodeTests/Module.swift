// Tests of PoAINode.
