// Tests of PoAIModel.
