import PoAIPrimitives

/// A view without its type, so that the machine is compiled once for all views. Asked only for what is not cached yet.
///
/// A failure is kept, and a default returned: the outcome is thrown away at the end.
class ViewReader {
    /// Whether any reading failed.
    var hasFailed: Bool { false }

    func account(_ address: Address) -> AccountState? { nil }
    func code(_ hash: Hash32) -> [UInt8] { [] }
    func storage(_ address: Address, _ slot: UInt256) -> UInt256 { .zero }
    func hasStorage(_ address: Address) -> Bool { false }
    func blockHash(_ number: UInt64) -> Hash32? { nil }
}

/// A view and the first failure of reading it.
final class TypedReader<View: StateView>: ViewReader {
    let view: View
    private(set) var failure: View.Failure?

    init(_ view: View) { self.view = view }

    override var hasFailed: Bool { failure != nil }

    override func account(_ address: Address) -> AccountState? {
        read(nil) { (view) throws(View.Failure) in try view.account(address) }
    }

    override func code(_ hash: Hash32) -> [UInt8] {
        read([]) { (view) throws(View.Failure) in try view.code(hash) }
    }

    override func storage(_ address: Address, _ slot: UInt256) -> UInt256 {
        read(.zero) { (view) throws(View.Failure) in try view.storage(address, slot) }
    }

    override func hasStorage(_ address: Address) -> Bool {
        read(false) { (view) throws(View.Failure) in try view.hasStorage(address) }
    }

    override func blockHash(_ number: UInt64) -> Hash32? {
        read(nil) { (view) throws(View.Failure) in try view.blockHash(number) }
    }

    private func read<T>(_ otherwise: T, _ body: (View) throws(View.Failure) -> T) -> T {
        if failure != nil { return otherwise }
        do {
            return try body(view)
        } catch {
            failure = error
            return otherwise
        }
    }
}
