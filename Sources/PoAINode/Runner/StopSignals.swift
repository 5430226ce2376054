import Dispatch
import Glibc

/// Turns SIGINT and SIGTERM into a call. A second signal ends the process at once.
final class StopSignals {
    private var sources: [any DispatchSourceSignal] = []

    init(_ received: @escaping @Sendable (Int32) -> Void) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInitiated))
            source.setEventHandler {
                signal(number, SIG_DFL)
                received(number)
            }
            source.resume()
            sources.append(source)
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
