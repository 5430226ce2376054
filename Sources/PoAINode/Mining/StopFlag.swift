import Synchronization

/// Asks long work on any thread to end soon. Once set it stays set.
public final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// A flag that is not set.
    public init() {}

    /// Whether the work should end.
    public var isSet: Bool { flag.load(ordering: .acquiring) }

    /// Asks for the end.
    public func set() { flag.store(true, ordering: .releasing) }
}
