// Tests of PoAIPrimitives.
