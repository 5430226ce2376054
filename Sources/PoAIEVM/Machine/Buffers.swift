import PoAIPrimitives

/// The words of all stacks, one frame's above that of its caller. Room for all is reserved at once and used from the
/// bottom, so that words never move; the system gives memory to what is used.
struct WordStack: ~Copyable {
    /// Most words of a frame.
    static let limit = 1024

    let bottom: UnsafeMutablePointer<UInt256>

    init() { bottom = .allocate(capacity: Self.limit * (Frame.depthLimit + 2)) }

    deinit { bottom.deallocate() }
}

/// Frames, the current one last.
struct FrameStack: ~Copyable {
    private let frames: UnsafeMutablePointer<Frame>
    private(set) var count = 0

    init() { frames = .allocate(capacity: Frame.depthLimit + 2) }

    deinit { frames.deallocate() }

    /// The current frame; there must be one.
    var top: UnsafeMutablePointer<Frame> { frames + (count - 1) }

    mutating func push(_ frame: Frame) {
        (frames + count).initialize(to: frame)
        count += 1
    }

    mutating func pop() { count -= 1 }
}

/// Bytes that grow: the memories of all frames, one above the other, or what a call returned.
struct ByteBuffer: ~Copyable {
    private(set) var start: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int

    init(capacity: Int = 4096) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }

    deinit { start.deallocate() }

    /// Makes room for `size` bytes, of which the first `used` are kept.
    mutating func reserve(_ size: Int, keeping used: Int) {
        if size <= capacity { return }
        let larger = max(size, 2 * capacity)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.initialize(from: start, count: used)
        start.deallocate()
        start = moved
        capacity = larger
    }

    /// Gives back memory beyond what most transactions need.
    mutating func shrink() {
        if capacity > 1 << 20 { self = ByteBuffer() }
    }
}
