import PoAIJSON
import PoAIPrimitives

/// A place in a test file, with the way to it for messages.
struct StateTestField {
    let value: JSONValue
    let path: String

    func fault(_ expected: String) -> StateTestError {
        StateTestError("\(path): expected \(expected), got \(value)")
    }

    /// The field under `key`, nil when there is none or it is null.
    func optional(_ key: String) -> StateTestField? {
        guard let inner = value[key], inner != .null else { return nil }
        return StateTestField(value: inner, path: "\(path).\(key)")
    }

    /// The field under `key`.
    func field(_ key: String) throws(StateTestError) -> StateTestField {
        guard let inner = optional(key) else { throw fault("an object with \"\(key)\"") }
        return inner
    }

    /// The fields of an object, by ascending key.
    func fields() throws(StateTestError) -> [(key: String, field: StateTestField)] {
        guard case .object(let inner) = value else { throw fault("an object") }
        return inner.sorted { $0.key < $1.key }.map { key, value in
            (key, StateTestField(value: value, path: "\(path).\(key)"))
        }
    }

    /// The items of a list.
    func items() throws(StateTestError) -> [StateTestField] {
        guard case .list(let inner) = value else { throw fault("a list") }
        return inner.enumerated().map { StateTestField(value: $1, path: "\(path)[\($0)]") }
    }

    /// The item at an index that another field gave.
    func item(_ index: Int) throws(StateTestError) -> StateTestField {
        let items = try items()
        guard items.indices.contains(index) else { throw fault("at least \(index + 1) items") }
        return items[index]
    }

    func text() throws(StateTestError) -> String {
        guard case .text(let text) = value else { throw fault("a string") }
        return text
    }

    func index() throws(StateTestError) -> Int {
        guard case .integer(let number) = value, let index = Int(exactly: number) else { throw fault("an index") }
        return index
    }

    func bytes() throws(StateTestError) -> [UInt8] {
        let text = try text()
        do { return try Hex.decode(text) } catch { throw fault("hex bytes (\(error))") }
    }

    func word() throws(StateTestError) -> UInt256 {
        let text = try text()
        if text == "0x" { return .zero }
        do { return try UInt256(hex: text) } catch { throw fault("a number of up to 256 bits (\(error))") }
    }

    func number() throws(StateTestError) -> UInt64 {
        guard let number = try word().asUInt64 else { throw fault("a number of up to 64 bits") }
        return number
    }

    func hash() throws(StateTestError) -> Hash32 {
        let text = try text()
        do { return try Hash32(hex: text) } catch { throw fault("32 hex bytes (\(error))") }
    }

    func address() throws(StateTestError) -> Address {
        guard let address = Address(try bytes()) else { throw fault("an address") }
        return address
    }
}
