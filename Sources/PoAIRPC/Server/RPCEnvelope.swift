import PoAIJSON

/// Writes what JSON-RPC 2.0 puts around results, errors and events.
enum RPCEnvelope {
    static func result(_ value: JSONValue, id: JSONValue) -> [UInt8] {
        var bytes = head(id: id)
        bytes += "\"result\":".utf8
        JSONWriter.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    static func error(_ error: RPCError, id: JSONValue) -> [UInt8] {
        var bytes = head(id: id)
        bytes += "\"error\":{\"code\":\(error.code),\"message\":".utf8
        JSONWriter.append(.text(error.message), to: &bytes)
        if let data = error.data {
            bytes += ",\"data\":".utf8
            JSONWriter.append(data, to: &bytes)
        }
        bytes += "}}".utf8
        return bytes
    }

    /// An event of a subscription, as geth sends it.
    static func event(_ value: JSONValue, subscription: String) -> [UInt8] {
        var bytes = Array("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":".utf8)
        JSONWriter.append(.text(subscription), to: &bytes)
        bytes += ",\"result\":".utf8
        JSONWriter.append(value, to: &bytes)
        bytes += "}}".utf8
        return bytes
    }

    static func batch(_ answers: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(answers.reduce(2) { $0 + $1.count + 1 })
        bytes.append(UInt8(ascii: "["))
        for (index, answer) in answers.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += answer
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private static func head(id: JSONValue) -> [UInt8] {
        var bytes = Array("{\"jsonrpc\":\"2.0\",\"id\":".utf8)
        JSONWriter.append(id, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        return bytes
    }
}
