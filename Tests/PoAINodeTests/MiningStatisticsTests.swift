import PoAINode
import PoAIPrimitives
import Testing

@Suite struct MiningStatisticsTests {
    @Test func figuresFollowTheTries() {
        let statistics = MiningStatistics()
        let start = ContinuousClock.now
        statistics.begin(height: 3, target: .one << 254, at: start)
        statistics.tried([(.one << 255, 5), (.one << 254, 6)], at: start + .seconds(2))
        var figures = statistics.snapshot
        #expect(figures.height == 3)
        #expect(figures.tries == 2)
        #expect(figures.triesOnBlock == 2)
        #expect(figures.best == .one << 254)
        #expect(figures.lastLoss == 6)
        #expect(figures.triesPerSecond == 1)
        #expect(figures.expectedTries == 4)
        #expect(figures.expectedSeconds == 4)

        statistics.begin(height: 3, target: .one << 254, at: start + .seconds(3))  // a fresh template
        #expect(statistics.snapshot.triesOnBlock == 2)
        statistics.begin(height: 4, target: .one << 253, at: start + .seconds(3))
        statistics.foundBlock()
        figures = statistics.snapshot
        #expect(figures.triesOnBlock == 0)
        #expect(figures.best == nil)
        #expect(figures.tries == 2)
        #expect(figures.blocks == 1)
    }

    @Test func speedForgetsWhatIsLongAgo() {
        let statistics = MiningStatistics()
        let start = ContinuousClock.now
        statistics.begin(height: 1, target: .max, at: start)
        #expect(statistics.snapshot.expectedSeconds == nil)
        for second in 1...100 {
            let tries = second <= 50 ? 1 : 10
            statistics.tried(Array(repeating: (UInt256.zero, 0), count: tries), at: start + .seconds(second))
        }
        #expect(statistics.snapshot.triesPerSecond == 10)
        #expect(statistics.snapshot.tries == 550)
    }
}
