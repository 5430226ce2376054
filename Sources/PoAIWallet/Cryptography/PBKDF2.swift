import Crypto

/// PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2).
package enum PBKDF2 {
    /// A key of `count` bytes. The caller bounds `iterations`, from 1, and `count`.
    package static func key(password: [UInt8], salt: [UInt8], iterations: Int, count: Int) -> [UInt8] {
        let keyed = HMAC<SHA256>(key: SymmetricKey(data: password))
        var result: [UInt8] = []
        result.reserveCapacity(count + SHA256.byteCount)
        var index: UInt32 = 0
        while result.count < count {
            index &+= 1
            let number = withUnsafeBytes(of: index.bigEndian) { Array($0) }
            var link = code(keyed, salt + number)
            var sum = link
            for _ in 1..<max(iterations, 1) {
                link = code(keyed, link)
                for place in sum.indices { sum[place] ^= link[place] }
            }
            result += sum
        }
        return Array(result.prefix(count))
    }

    private static func code(_ keyed: HMAC<SHA256>, _ message: [UInt8]) -> [UInt8] {
        var hash = keyed
        hash.update(data: message)
        return Array(hash.finalize())
    }
}
