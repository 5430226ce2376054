import PoAIJSON

/// The positional arguments of a call.
struct Arguments {
    private let values: [JSONValue]

    /// - Parameter count: how many there may be; fewer than the lower bound or more than the upper are refused.
    init(_ values: [JSONValue], count: ClosedRange<Int>) throws(RPCError) {
        guard values.count >= count.lowerBound else {
            throw .invalidParams("missing value for required argument \(values.count)")
        }
        guard values.count <= count.upperBound else {
            throw .invalidParams("too many arguments: got \(values.count), expected at most \(count.upperBound)")
        }
        self.values = values
    }

    /// The argument at a position; null where there is none.
    subscript(index: Int) -> Parameter {
        Parameter(values.indices.contains(index) ? values[index] : .null, "argument \(index)")
    }
}
