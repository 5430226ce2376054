// Tests of PoAITypes.
