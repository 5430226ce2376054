import PoAIJSON
import PoAIPrimitives

/// What a caller wants to see of an execution.
enum TraceConfig {
    case steps(StepOptions)
    case calls(CallOptions)

    /// What each step shows.
    struct StepOptions {
        var hasStack = true
        var hasStorage = true
        var hasMemory = false
        var hasReturnData = false
        /// Most steps; nil: all.
        var limit: UInt64?
    }

    /// Which calls are shown, and whether with their logs.
    struct CallOptions {
        var isTopOnly = false
        var hasLogs = false
    }

    /// Reads the object; all steps if there is none. A `timeout` is ignored: the node has its own.
    init(_ parameter: Parameter) throws(RPCError) {
        guard let object = try parameter.ifGiven?.object() else {
            self = .steps(StepOptions())
            return
        }
        switch try object["tracer"].ifGiven?.text() {
        case nil, "", "structLogger": self = .steps(try StepOptions(object))
        case "callTracer":
            var options = CallOptions()
            if let given = try object["tracerConfig"].ifGiven?.object() {
                options.isTopOnly = try given["onlyTopCall"].ifGiven?.bool() ?? false
                options.hasLogs = try given["withLog"].ifGiven?.bool() ?? false
            }
            self = .calls(options)
        default: throw object["tracer"].expected("callTracer, or nothing for single steps")
        }
    }
}

extension TraceConfig.StepOptions {
    fileprivate init(_ object: Parameter) throws(RPCError) {
        hasStack = !(try object["disableStack"].ifGiven?.bool() ?? false)
        hasStorage = !(try object["disableStorage"].ifGiven?.bool() ?? false)
        hasMemory = try object["enableMemory"].ifGiven?.bool() ?? false
        hasReturnData = try object["enableReturnData"].ifGiven?.bool() ?? false
        let limit = try object["limit"].ifGiven?.count() ?? 0
        self.limit = limit == 0 ? nil : limit
    }
}
