import Crypto
import Foundation

/// Why text is no peer book.
public enum PeerBookError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It does not begin with the line of this version.
    case badVersion
    /// It is not what was written: the checksum in its last line is another one, or missing.
    case badChecksum
    /// The line of this number, counted from 1, is no entry.
    case badLine(Int)

    /// One line for a person.
    public var description: String {
        switch self {
        case .badVersion: "it is no list of peers of this version"
        case .badChecksum: "the checksum is wrong"
        case .badLine(let number): "line \(number) is no entry"
        }
    }
}

extension PeerBook {
    /// The longest text that is read, in bytes.
    public static let maximumLength = 4 << 20
    private static let version = "peers 1"

    /// A line for the version, one for each address with its source, last success and failures, and a SHA-256 checksum of
    /// all of these.
    public var text: String {
        let lines = best.compactMap { address in
            entries[address].map { "\(address) \($0.source.rawValue) \($0.lastSuccess) \($0.failures)\n" }
        }
        let body = Self.version + "\n" + lines.joined()
        return body + Self.checksum(body.utf8) + "\n"
    }

    /// Reads the text form. Entries for which the limits leave no room are left out.
    /// - Throws: `PeerBookError`.
    public init(text: [UInt8], limits: Limits = Limits()) throws(PeerBookError) {
        self.init(limits: limits)
        guard text.starts(with: (Self.version + "\n").utf8) else { throw .badVersion }
        let checksumLength = 65
        guard text.count <= Self.maximumLength, text.count >= checksumLength,
            text.suffix(checksumLength).elementsEqual((Self.checksum(text.dropLast(checksumLength)) + "\n").utf8)
        else { throw .badChecksum }
        let lines = text.dropLast(checksumLength).split(separator: UInt8(ascii: "\n"))
        for (number, line) in lines.enumerated().dropFirst() {
            guard let (address, entry) = Self.entry(line, limits) else { throw .badLine(number + 1) }
            _ = add(address, entry)
        }
    }

    private static func entry(_ line: ArraySlice<UInt8>, _ limits: Limits) -> (Multiaddr, Entry)? {
        let parts = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, let address = try? Multiaddr(String(parts[0])), address.peerID != nil,
            let source = AddressSource(rawValue: String(parts[1])), let success = UInt64(parts[2]),
            let failures = Int(parts[3]), (0...limits.failuresAfterSuccess).contains(failures)
        else { return nil }
        var entry = Entry(source: source)
        (entry.lastSuccess, entry.failures) = (success, failures)
        return (address, entry)
    }

    private static func checksum(_ bytes: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Array(bytes)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }
        .joined()
    }
}
