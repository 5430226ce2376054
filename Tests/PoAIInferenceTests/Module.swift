// Tests of PoAIInference.
