import LibP2P
import NIOCore
import PoAITestSupport
import Testing

/// What two applications did with their streams and saw of them, kept in the simplest way.
struct YamuxModel {
    /// One direction of one stream.
    struct Flow: Hashable {
        let id: YamuxStreamID
        let from: Int
    }

    private(set) var written: [Flow: [UInt8]] = [:]
    private(set) var received: [Flow: [UInt8]] = [:]
    private(set) var finishedByWriter: Set<Flow> = []
    private(set) var finishedForReader: Set<Flow> = []
    private(set) var reset: Set<YamuxStreamID> = []
    /// Streams each side knows and did not see end.
    private(set) var open: [[YamuxStreamID]] = [[], []]
    /// Received and not consumed.
    private(set) var held: [[YamuxStreamID: Int]] = [[:], [:]]

    mutating func opened(_ id: YamuxStreamID, by side: Int) { open[side].append(id) }
    mutating func wrote(_ bytes: [UInt8], _ id: YamuxStreamID, by side: Int) {
        written[Flow(id: id, from: side), default: []] += bytes
    }
    mutating func finished(_ id: YamuxStreamID, by side: Int) { finishedByWriter.insert(Flow(id: id, from: side)) }
    mutating func consumed(_ count: Int, _ id: YamuxStreamID, by side: Int) { held[side][id, default: 0] -= count }

    mutating func gaveUp(_ id: YamuxStreamID, by side: Int) {
        reset.insert(id)
        forget(id, side)
    }

    private mutating func forget(_ id: YamuxStreamID, _ side: Int) {
        open[side].removeAll { $0 == id }
        held[side][id] = nil
    }

    /// Checks what a side is told.
    mutating func saw(_ action: YamuxAction, _ side: Int) {
        switch action {
        case .opened(let id):
            #expect(!open[side].contains(id))
            open[side].append(id)
        case .received(let id, let bytes):
            let flow = Flow(id: id, from: 1 - side)
            #expect(open[side].contains(id) && !finishedForReader.contains(flow))
            received[flow, default: []] += bytes.readableBytesView
            held[side][id, default: 0] += bytes.readableBytes
        case .finished(let id):
            let flow = Flow(id: id, from: 1 - side)
            #expect(finishedByWriter.contains(flow) && received[flow] == written[flow])
            #expect(finishedForReader.insert(flow).inserted)
        case .reset(let id, let reason):
            #expect(reason == .peer && reset.contains(id) && open[side].contains(id))
            forget(id, side)
        case .closed(let id):
            #expect(finishedByWriter.contains(Flow(id: id, from: side)))
            #expect(finishedForReader.contains(Flow(id: id, from: 1 - side)))
            #expect(held[side][id, default: 0] == 0)
            forget(id, side)
        case .ended(let end): Issue.record("ended: \(end)")
        case .accepted(let id): #expect(open[side].contains(id))
        case .writable, .goingAway, .roundTrip: break
        }
    }

    /// Once nothing moves and everything was consumed, what was written on streams nobody reset has arrived.
    func expectAllArrived() {
        for (flow, bytes) in written where !reset.contains(flow.id) { #expect(received[flow] == bytes) }
        for (flow, bytes) in received { #expect((written[flow] ?? []).starts(with: bytes)) }
        for flow in finishedByWriter where !reset.contains(flow.id) { #expect(finishedForReader.contains(flow)) }
    }
}
