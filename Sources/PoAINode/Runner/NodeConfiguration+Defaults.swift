import Foundation

extension NodeConfiguration {
    /// As many threads as this process may use processors, at most 64.
    public static var defaultThreads: Int { min(max(ProcessInfo.processInfo.activeProcessorCount, 1), 64) }
}
