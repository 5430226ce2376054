#if arch(x86_64)
    import CKernels
    import Glibc
    import PoAIInference
    import PoAITestSupport
    import Testing

    /// A caller's odd rounding mode or flush-to-zero must not reach results. `fenv_t` holds MXCSR on x86-64.
    @Suite(.serialized) struct FloatEnvironmentTests {
        static let flushToZero: UInt32 = 0x8040  // FTZ and DAZ
        static let roundUp: UInt32 = 0x4000
        static let roundToZero: UInt32 = 0x6000

        /// Runs `body` under other control bits on this thread and puts back what was.
        static func with<R>(_ control: UInt32, _ body: () throws -> R) rethrows -> R {
            var saved = fenv_t()
            fegetenv(&saved)
            var changed = saved
            changed.__mxcsr |= control
            fesetenv(&changed)
            defer { fesetenv(&saved) }
            return try body()
        }

        /// The tests below test something: the same C functions do give other bits under these modes.
        @Test func theModesChangeBitsOfBareFunctions() {
            let plain = poai_exp(-86.99).bitPattern
            let subnormal = poai_exp(-87).bitPattern
            #expect(Self.with(Self.roundUp) { poai_exp(-86.99).bitPattern } != plain)
            var x = [Float(bitPattern: 1)]
            Self.with(Self.flushToZero) { poai_add(&x, [Float(bitPattern: 1)], 1) }
            #expect(x[0] == 0)
            #expect(poai_exp(-86.99).bitPattern == plain)
            #expect(poai_exp(-87).bitPattern == subnormal)
        }

        @Test func resetPutsTheContractsModeBack() {
            let plain = poai_exp(-86.99).bitPattern
            let got = Self.with(Self.roundUp | Self.flushToZero) {
                poai_fp_environment_reset()
                return poai_exp(-86.99).bitPattern
            }
            #expect(got == plain)
        }

        /// Loading, setting up, evaluating and decoding, all under the odd mode. The weights hold subnormal scales.
        @Test(arguments: [flushToZero, roundUp, roundToZero, roundToZero | flushToZero], ["q4_1", "f16", "f32"])
        func resultsDoNotDependOnTheCallersMode(control: UInt32, name: String) throws {
            let bytes = TinyModels.bytes(name)
            let batch = InvarianceTests.sequences(3, lengths: 20...40, vocabulary: 320, seed: 51)
            let plainModel = try model(bytes)
            let expected = try ExactEngine(model: plainModel, threads: 2, maximumLength: 40).evaluate(batch)
            let logits = bits(try DecodeSession(model: plainModel, threads: 1, capacity: 40).append(batch[0].tokens))
            for threads in [1, 2] {
                let traces = try Self.with(control) {
                    try ExactEngine(model: try model(bytes), threads: threads, maximumLength: 40).evaluate(batch)
                }
                #expect(traces == expected, "\(threads) threads")
                let decoded = try Self.with(control) {
                    let session = DecodeSession(model: plainModel, threads: threads, capacity: 40)
                    return bits(try session.append(batch[0].tokens))
                }
                #expect(decoded == logits, "\(threads) threads")
            }
        }
    }
#endif
