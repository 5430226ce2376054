// Tests of PoAITrie.
