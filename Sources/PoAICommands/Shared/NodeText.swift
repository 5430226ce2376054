import Foundation
import PoAIJSON
import PoAIPrimitives
import PoAIWallet

/// Fields of what a node answered, for people. Whatever they hold, they cannot upset a terminal.
struct NodeText {
    let json: JSONValue

    /// The field as it is.
    func plain(_ name: String) -> String {
        switch json[name] {
        case .text(let text)?: ForeignText.line(text, limit: 100)
        case let other: ForeignText.line(other?.description ?? "?", limit: 100)
        }
    }

    /// A quantity; nil when it is none.
    func quantity(_ name: String) -> UInt256? { json[name].flatMap(JSONQuantity.value) }

    /// A quantity in decimal.
    func number(_ name: String) -> String { quantity(name)?.description ?? plain(name) }

    /// A quantity of wei in POAI.
    func amount(_ name: String) -> String { quantity(name).map { "\(Amount.poai($0)) POAI" } ?? plain(name) }

    /// Seconds since 1970 as a time in UTC.
    func time(_ name: String) -> String {
        guard let seconds = quantity(name)?.asUInt64, seconds < 253_402_300_800 else { return plain(name) }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    /// An address with its checksum.
    func address(_ name: String) -> String {
        guard case .text(let text)? = json[name], let address = try? Address(parsing: text) else { return plain(name) }
        return address.checksummed
    }

    /// Prints names and values in two columns.
    static func print(_ rows: [(String, String)]) {
        let width = rows.map(\.0.count).max() ?? 0
        for (name, value) in rows {
            Output.line(name + String(repeating: " ", count: width + 2 - name.count) + value)
        }
    }
}
