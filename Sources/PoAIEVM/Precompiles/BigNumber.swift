import CGMP

/// A residue of GMP and its modulus.
struct BigNumber: ~Copyable {
    private let value: UnsafeMutablePointer<__mpz_struct>
    private let modulus: UnsafeMutablePointer<__mpz_struct>
    private let scratch: UnsafeMutablePointer<__mpz_struct>

    init() {
        value = .allocate(capacity: 3)
        modulus = value + 1
        scratch = value + 2
        for number in [value, modulus, scratch] { __gmpz_init(number) }
    }

    deinit {
        for number in [value, modulus, scratch] { __gmpz_clear(number) }
        value.deallocate()
    }

    var isModulusZero: Bool { modulus.pointee._mp_size == 0 }

    /// Big-endian `bytes` and after them zeros, `count` bytes in all.
    func setModulus(_ bytes: UnsafeRawBufferPointer, count: Int) {
        set(modulus, bytes)
        __gmpz_mul_2exp(modulus, modulus, UInt(8 * (count - bytes.count)))
    }

    /// Becomes big-endian `bytes` · 256 ^ `zeros`, reduced. The modulus is not 0.
    func setBase(_ bytes: UnsafeRawBufferPointer, zeroBytesAfter zeros: UInt64) {
        __gmpz_set_ui(value, 256)
        __gmpz_powm_ui(value, value, UInt(zeros), modulus)
        set(scratch, bytes)
        __gmpz_mul(value, value, scratch)
        __gmpz_mod(value, value, modulus)
    }

    /// Becomes itself to the power of big-endian `bytes` · 256 ^ `zeros`; 0 to the power of 0 is 1. The modulus may lose a
    /// power of 2 by this, so nothing is computed after it.
    func raise(to bytes: UnsafeRawBufferPointer, zeroBytesAfter zeros: UInt64) {
        let twos = __gmpz_scan1(modulus, 0)
        guard (1...64).contains(twos) else { return raiseAtOnce(to: bytes, zeroBytesAfter: zeros) }
        // GMP takes up to four times as long for an even modulus, as it does not shorten the exponent for its power of 2.
        let residue = WordPower.raise(lowWord(value), to: bytes, zeroBytesAfter: zeros)
        __gmpz_tdiv_q_2exp(modulus, modulus, twos)
        __gmpz_mod(value, value, modulus)
        raiseAtOnce(to: bytes, zeroBytesAfter: zeros)
        // The number that is `value` modulo the odd part and `residue` modulo 2 ^ twos.
        let multiple = (residue &- lowWord(value)) &* WordPower.inverse(lowWord(modulus))
        __gmpz_addmul_ui(value, modulus, UInt(multiple & (UInt64.max >> UInt64(64 - twos))))
    }

    private func raiseAtOnce(to bytes: UnsafeRawBufferPointer, zeroBytesAfter zeros: UInt64) {
        set(scratch, bytes)
        __gmpz_powm(value, value, scratch, modulus)
        var left = zeros
        while left > 0, __gmpz_cmp_ui(value, 1) > 0 {
            let step = min(left, 4096)
            __gmpz_set_ui(scratch, 1)
            __gmpz_mul_2exp(scratch, scratch, UInt(8 * step))
            __gmpz_powm(value, value, scratch, modulus)
            left -= step
        }
    }

    /// `number`, which is not negative, modulo 2^64.
    private func lowWord(_ number: UnsafeMutablePointer<__mpz_struct>) -> UInt64 { UInt64(__gmpz_get_ui(number)) }

    /// Big-endian in `count` bytes, which the modulus fits in.
    func bytes(count: Int) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        let used = (__gmpz_sizeinbase(value, 2) + 7) / 8
        guard value.pointee._mp_size != 0, used <= count else { return output }
        output.withUnsafeMutableBytes { buffer in
            _ = __gmpz_export(buffer.baseAddress.map { $0 + (count - used) }, nil, 1, 1, 1, 0, value)
        }
        return output
    }

    private func set(_ number: UnsafeMutablePointer<__mpz_struct>, _ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return __gmpz_set_ui(number, 0) }
        __gmpz_import(number, bytes.count, 1, 1, 1, 0, start)
    }
}
