/// What a run found.
public struct StateTestSummary: Hashable, Sendable {
    /// A case that does not pass, or a file that is not readable.
    public struct Failure: Hashable, Sendable, CustomStringConvertible {
        /// The file, as found.
        public let file: String
        /// The test and which of its cases; empty where the whole file is unreadable.
        public let test: String
        /// What is wrong.
        public let reason: String

        /// One line.
        public var description: String { test.isEmpty ? "\(file): \(reason)" : "\(file): \(test): \(reason)" }
    }

    /// Files found, all of which were read unless they are in `failures`.
    public internal(set) var files = 0
    /// Cases for the fork: passed, failed or skipped.
    public internal(set) var cases = 0
    /// As the test says.
    public internal(set) var passed = 0
    /// Not as the test says; an unreadable file or test counts as one.
    public internal(set) var failed = 0
    /// Not run, each for a reason.
    public internal(set) var skipped = 0
    /// Tests without a case for the fork. They are no part of `cases`.
    public internal(set) var otherForks = 0
    /// The failed ones, by file.
    public internal(set) var failures: [Failure] = []
    /// How many cases were skipped for each reason.
    public internal(set) var skips: [StateTestSkip: Int] = [:]

    mutating func pass() {
        cases += 1
        passed += 1
    }

    mutating func skip(_ skip: StateTestSkip) {
        cases += 1
        skipped += 1
        skips[skip, default: 0] += 1
    }

    mutating func fail(_ file: String, _ test: String, _ reason: String) {
        cases += 1
        failed += 1
        failures.append(Failure(file: file, test: test, reason: reason))
    }

    mutating func add(_ other: StateTestSummary) {
        files += other.files
        cases += other.cases
        passed += other.passed
        failed += other.failed
        skipped += other.skipped
        otherForks += other.otherForks
        failures += other.failures
        skips.merge(other.skips, uniquingKeysWith: +)
    }
}
