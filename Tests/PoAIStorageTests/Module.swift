// Tests of PoAIStorage.
