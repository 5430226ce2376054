/// An integer operation whose result does not fit. Carries the operands as text, so that a report names the numbers.
public enum ArithmeticError: Error, Equatable, Sendable, CustomStringConvertible {
    /// left + right is out of range.
    case additionOverflow(left: String, right: String)
    /// left - right is out of range: below zero for unsigned integers.
    case subtractionOverflow(left: String, right: String)
    /// left * right is out of range.
    case multiplicationOverflow(left: String, right: String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .additionOverflow(let left, let right): "\(left) + \(right) is out of range"
        case .subtractionOverflow(let left, let right): "\(left) - \(right) is out of range"
        case .multiplicationOverflow(let left, let right): "\(left) * \(right) is out of range"
        }
    }
}

extension FixedWidthInteger {
    /// The sum.
    /// - Throws: `ArithmeticError.additionOverflow`.
    @inlinable
    public func checkedAdd(_ other: Self) throws(ArithmeticError) -> Self {
        let (result, overflow) = addingReportingOverflow(other)
        if overflow { throw .additionOverflow(left: "\(self)", right: "\(other)") }
        return result
    }

    /// The difference.
    /// - Throws: `ArithmeticError.subtractionOverflow`.
    @inlinable
    public func checkedSubtract(_ other: Self) throws(ArithmeticError) -> Self {
        let (result, overflow) = subtractingReportingOverflow(other)
        if overflow { throw .subtractionOverflow(left: "\(self)", right: "\(other)") }
        return result
    }

    /// The product.
    /// - Throws: `ArithmeticError.multiplicationOverflow`.
    @inlinable
    public func checkedMultiply(_ other: Self) throws(ArithmeticError) -> Self {
        let (result, overflow) = multipliedReportingOverflow(by: other)
        if overflow { throw .multiplicationOverflow(left: "\(self)", right: "\(other)") }
        return result
    }
}

extension UInt256 {
    /// The sum.
    /// - Throws: `ArithmeticError.additionOverflow`.
    @inlinable
    public func checkedAdd(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
        let (result, overflow) = addingReportingOverflow(other)
        if overflow { throw .additionOverflow(left: "\(self)", right: "\(other)") }
        return result
    }

    /// The difference.
    /// - Throws: `ArithmeticError.subtractionOverflow`.
    @inlinable
    public func checkedSubtract(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
        let (result, overflow) = subtractingReportingOverflow(other)
        if overflow { throw .subtractionOverflow(left: "\(self)", right: "\(other)") }
        return result
    }

    /// The product.
    /// - Throws: `ArithmeticError.multiplicationOverflow`.
    @inlinable
    public func checkedMultiply(_ other: UInt256) throws(ArithmeticError) -> UInt256 {
        let (result, overflow) = multipliedReportingOverflow(by: other)
        if overflow { throw .multiplicationOverflow(left: "\(self)", right: "\(other)") }
        return result
    }
}
