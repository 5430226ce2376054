// Tests of PoAIWork.
