import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Retarget simulations")
struct RetargetSimulationTests {
    private typealias Simulation = RetargetSimulation
    private typealias Choice = (_ number: UInt64, _ minimum: UInt64, _ now: UInt64) -> UInt64

    @Test("A steady miner keeps the interval")
    func steady() throws {
        var simulation = try Simulation()
        let seconds = try simulation.mineWindows(6)
        #expect(isWithin(1, percentOf: 6 * Simulation.window, seconds))
    }

    @Test(
        "Ten times the tries, or a tenth: two changes of the target later the interval is right again",
        arguments: [
            // Tries a second times and divided by; real seconds of three windows, where 19200 are aimed at.
            (10, 1, [1920, 7680, 19_200]),
            (1, 10, [192_000, 48_000, 19_200]),
        ] as [(UInt64, UInt64, [UInt64])])
    func convergence(factor: UInt64, divisor: UInt64, windows: [UInt64]) throws {
        var simulation = try Simulation()
        // Up to the last block before the second change of the target.
        for _ in 0..<2 * Simulation.interval - 1 { try simulation.mine { $2 } }
        simulation.rate = simulation.rate * factor / divisor
        for expected in windows {
            #expect(isWithin(2, percentOf: expected, try simulation.mineWindows(1)))
        }
    }

    /// All timestamps as low as allowed but the last of each window, which tells the truth or more.
    private let warp: Choice = { number, minimum, now in
        number % Simulation.interval == Simulation.interval - 1 ? now + 7200 : minimum
    }

    @Test("A time warp gains nothing; with windows that do not overlap it would")
    func timeWarp() throws {
        let honest = 20 * Simulation.window
        var specified = try Simulation()
        #expect(try specified.mineWindows(20, warp) >= honest - honest / 50)
        var separate = try Simulation(.separateWindows)
        #expect(try separate.mineWindows(20, warp) < honest / 5)
    }

    /// The last timestamps of windows rise by four times the expected time, which makes the target as much easier as one
    /// change can, until they reach the present; then one falls back into the past, which costs a single change.
    private func sawtooth() -> Choice {
        var last: UInt64 = 0
        return { number, minimum, now in
            guard number % Simulation.interval == Simulation.interval - 1 else { return minimum }
            let next = last + 4 * Simulation.window
            last = last == 0 || next > now + 7200 ? minimum : next
            return last
        }
    }

    @Test("A window that runs backwards is not possible; if it were, a sawtooth of timestamps would pay")
    func backwardWindow() throws {
        let honest = 60 * Simulation.window
        var specified = try Simulation()
        #expect(try specified.mineWindows(60, sawtooth()) >= honest)
        var backward = try Simulation(.backwardWindows)
        #expect(try backward.mineWindows(60, sawtooth()) < honest / 4)
    }

    private func isWithin(_ percent: UInt64, percentOf expected: UInt64, _ actual: UInt64) -> Bool {
        let difference = actual > expected ? actual - expected : expected - actual
        return difference * 100 <= expected * percent
    }
}
