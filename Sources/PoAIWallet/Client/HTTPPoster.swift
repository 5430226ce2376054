import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Posts one JSON text over HTTP and collects the answer, with limits of time and size. It follows no redirection and keeps
/// nothing: no cookies, no cache.
final class HTTPPoster: NSObject, URLSessionDataDelegate, Sendable {
    /// What came back, or why nothing did.
    enum Outcome: Sendable {
        case answer(status: Int, body: [UInt8])
        case tooLong
        case timedOut
        case failed(code: URLError.Code?, reason: String)
    }

    private struct State {
        var body: [UInt8] = []
        var isTooLong = false
        var outcome: Outcome?
    }

    private let limit: Int
    private let state = Mutex(State())
    private let finished = DispatchSemaphore(value: 0)

    private init(limit: Int) { self.limit = limit }

    /// Posts `body` and waits for the whole answer.
    static func post(_ body: [UInt8], to url: URL, authorization: String?, seconds: Double, limit: Int) -> Outcome {
        var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: seconds)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = seconds
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        _ = avoidProxies
        let poster = HTTPPoster(limit: limit)
        let session = URLSession(configuration: configuration, delegate: poster, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        session.dataTask(with: request).resume()
        // The session's own limit begins anew with every byte that comes.
        guard poster.finished.wait(timeout: .now() + seconds) == .success else { return .timedOut }
        return poster.state.withLock { $0.outcome } ?? .timedOut
    }

    /// A proxy named by the environment cannot reach this machine's own addresses, so they are taken out of its range before
    /// the first call: URLSession has no setting for that here.
    private static let avoidProxies: Void = {
        let environment = ProcessInfo.processInfo.environment
        let given = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        setenv("no_proxy", (given.isEmpty ? "" : given + ",") + "localhost,127.0.0.1,::1", 1)
    }()

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = state.withLock { state in
            state.isTooLong = state.isTooLong || data.count > limit - state.body.count
            if !state.isTooLong { state.body += data }
            return state.isTooLong
        }
        if isTooLong { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        state.withLock { state in
            if state.isTooLong {
                state.outcome = .tooLong
            } else if let error {
                let code = (error as? URLError)?.code
                state.outcome = code == .timedOut ? .timedOut : .failed(code: code, reason: error.localizedDescription)
            } else {
                let status = (task.response as? HTTPURLResponse)?.statusCode ?? 0
                state.outcome = .answer(status: status, body: state.body)
            }
        }
        finished.signal()
    }
}
