/// A command could not do what it was asked for: `thing: what (way out)`.
struct Failure: Error, CustomStringConvertible {
    /// The line, without the leading `error:`.
    let description: String

    init(_ description: String) { self.description = description }
}
