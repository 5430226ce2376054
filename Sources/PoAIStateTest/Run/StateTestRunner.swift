import Dispatch
import Foundation
import PoAIJSON
import Synchronization

/// Runs files in the GeneralStateTests format: a state, a transaction, and the state root and logs it must lead to.
public struct StateTestRunner: Sendable {
    private let fork: StateTestFork

    /// A runner for the cases of one fork.
    public init(fork: StateTestFork = .cancun) { self.fork = fork }

    /// The JSON files at `path`, a file or a folder with all it holds, by ascending path.
    /// - Throws: `StateTestError` when there is none.
    public static func files(at path: String) throws(StateTestError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw StateTestError("\(path): no such file or folder")
        }
        if !isFolder.boolValue { return [path] }
        guard let found = FileManager.default.enumerator(atPath: path) else {
            throw StateTestError("\(path): not readable")
        }
        let files = found.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
        guard !files.isEmpty else { throw StateTestError("\(path): holds no .json file") }
        return files.map { "\(path)/\($0)" }
    }

    /// Runs these files, as many at a time as there are cores.
    ///
    /// - Parameter progress: told after each file how many are done; called from several threads, one at a time.
    public func run(
        _ files: [String], progress: @Sendable (_ done: Int, _ summary: StateTestSummary) -> Void = { _, _ in }
    ) -> StateTestSummary {
        let state = Mutex((done: 0, sum: StateTestSummary()))
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let summary = run(file: files[index])
            state.withLock { state in
                state.done += 1
                state.sum.add(summary)
                progress(state.done, state.sum)
            }
        }
        var sum = state.withLock { $0.sum }
        sum.failures.sort { ($0.file, $0.test) < ($1.file, $1.test) }
        return sum
    }

    /// Runs one file.
    public func run(file: String) -> StateTestSummary {
        var summary = StateTestSummary()
        summary.files = 1
        do {
            for (name, field) in try read(file) { run(field, name: name, file: file, &summary) }
        } catch {
            summary.fail(file, "", error.description)
        }
        return summary
    }

    private func read(_ file: String) throws(StateTestError) -> [(key: String, field: StateTestField)] {
        guard let data = FileManager.default.contents(atPath: file) else { throw StateTestError("not readable") }
        let value: JSONValue
        do { value = try JSONReader.read(Array(data)) } catch { throw StateTestError("not JSON: \(error)") }
        let tests = try StateTestField(value: value, path: "").fields()
        guard !tests.isEmpty else { throw StateTestError("holds no test") }
        return tests
    }

    private func run(_ field: StateTestField, name: String, file: String, _ summary: inout StateTestSummary) {
        do {
            let test = try StateTest(field, fork: fork)
            guard let posts = test.posts else {
                summary.otherForks += 1
                return
            }
            for (index, post) in posts.enumerated() {
                switch try test.run(post, file: file) {
                case .passed: summary.pass()
                case .skipped(let skip): summary.skip(skip)
                case .failed(let reason): summary.fail(file, "\(name)[\(index)]", reason)
                }
            }
        } catch {
            summary.fail(file, name, error.description)
        }
    }
}
