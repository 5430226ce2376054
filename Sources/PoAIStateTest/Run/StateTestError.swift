/// Why a file could not be run as state tests.
public struct StateTestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: the place in the file, what was expected, what is there.
    public let description: String

    init(_ description: String) { self.description = description }
}
