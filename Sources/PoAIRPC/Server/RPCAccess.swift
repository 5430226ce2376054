import NIOCore

/// Which names a client may call the node by, and which web pages may read its answers.
package struct RPCAccess: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>

    /// "*" in either list allows all. Names in any case; an origin has its scheme, "https://example.org".
    package init(hosts: [String], origins: [String]) {
        self.hosts = Set(hosts.map { $0.lowercased() })
        self.origins = Set(origins.map { Self.normal($0) })
    }

    /// Whether the `Host` fields of a request are allowed. A web page that made its name point here (DNS rebinding) shows
    /// by that name; a literal address cannot be made to point elsewhere.
    package func allows(host fields: [String]) -> Bool {
        guard fields.count < 2 else { return false }
        guard let field = fields.first, !field.isEmpty, !hosts.contains("*") else { return true }
        guard let name = Self.name(ofHost: field) else { return false }
        return hosts.contains(name) || (try? SocketAddress(ipAddress: name, port: 0)) != nil
    }

    /// Whether a page of this origin may read answers.
    package func allows(origin: String) -> Bool { origins.contains("*") || origins.contains(Self.normal(origin)) }

    /// Whether a WebSocket may be opened: by programs, which send no origin, and by the allowed pages. Browsers leave this
    /// check to the server.
    package func allows(socketOrigins fields: [String]) -> Bool { fields.allSatisfy { allows(origin: $0) } }

    private static func normal(_ origin: String) -> String {
        let lower = origin.lowercased()
        return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
    }

    /// The name without port and brackets, in lower case; nil: not of the form that a `Host` field has.
    private static func name(ofHost field: String) -> String? {
        let lower = field.lowercased()
        let name: Substring, rest: Substring
        if lower.hasPrefix("[") {
            guard let end = lower.firstIndex(of: "]") else { return nil }
            (name, rest) = (lower[..<end].dropFirst(), lower[end...].dropFirst())
        } else {
            let end = lower.firstIndex(of: ":") ?? lower.endIndex
            (name, rest) = (lower[..<end], lower[end...])
        }
        guard rest.isEmpty || rest.hasPrefix(":") && rest.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return String(name)
    }
}
