import SwiftProtobuf

extension SwiftProtobuf.Message {
    /// The fields in the order of their numbers, each written once: the same bytes for the same content, unless it holds
    /// maps, which no message here does. Required fields have to be set.
    package func deterministicBytes() -> [UInt8] {
        do {
            return try serializedBytes(partial: false)
        } catch {
            preconditionFailure("an own message lacks a required field: \(error)")
        }
    }
}
