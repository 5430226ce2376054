// The arithmetic of the exact engine: one portable reference and one file per instruction set behind one table of
// functions, chosen at run time. Every table gives the same bytes for the same input; docs/spec/numeric.md says which.
//
// All pointers are to the caller's memory, with the sizes given below; nothing is allocated here and nothing is checked
// here: shapes are validated when a model is loaded. All functions need the default floating-point environment
// (round to nearest even, no flush to zero); see poai_fp_environment_reset.
#ifndef POAI_CKERNELS_H
#define POAI_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    POAI_BLOCK = 32,      ///< elements of K that share one activation scale (and one weight scale)
    POAI_GROUP_ROWS = 16, ///< rows of a packed weight group
    POAI_LANES = 16       ///< virtual lanes of every float sum
};

/// A weight matrix of `rows` × `columns`, repacked in groups of 16 rows (the last group padded with zero rows).
///
/// quants: u8 [group][block][8 steps][16 rows][4 columns]; scales, minimums: f32 [group][block][16 rows].
/// `minimums` is null for types without a minimum, whose quants are stored with an offset of 128.
/// `floats` is used instead of all three by float types: f32 [group][column][16 rows].
typedef struct {
    size_t rows, columns;
    const uint8_t *_Nullable quants;
    const float *_Nullable scales;
    const float *_Nullable minimums;
    const float *_Nullable floats;
} poai_matrix;

/// Activations of a batch of tokens, row by row.
///
/// values: f32 [token][columns]; quants: i8 [token][columns]; scales and sums: f32 [token][columns / 32], where a sum is
/// scale × Σ quants of the block; integer_sums: i32 [token][columns / 32].
typedef struct {
    const float *_Nonnull values;
    const int8_t *_Nonnull quants;
    const float *_Nonnull scales;
    const float *_Nonnull sums;
    const int32_t *_Nonnull integer_sums;
} poai_activations;

/// One implementation of the numeric contract.
typedef struct {
    const char *_Nonnull name;

    /// Quantizes one row of `n` values (n a multiple of 32). Returns 0, or 1 when a value is NaN or infinite.
    int (*_Nonnull quantize)(const float *_Nonnull x, size_t n, int8_t *_Nonnull q, float *_Nonnull scales,
                             float *_Nonnull sums, int32_t *_Nonnull integer_sums);

    /// out[t × stride + row] for the rows of groups group_begin ..< group_end and tokens token_begin ..< token_end.
    /// Rows of the padding are written too, so stride must be at least the rows rounded up to 16.
    void (*_Nonnull matmul)(const poai_matrix *_Nonnull w, const poai_activations *_Nonnull a, float *_Nonnull out,
                            size_t stride, size_t group_begin, size_t group_end, size_t token_begin, size_t token_end);

    /// y = x ÷ √(mean(x²) + eps) × w over `n` values (n a multiple of 16).
    void (*_Nonnull rms_norm)(const float *_Nonnull x, const float *_Nonnull w, size_t n, float eps, float *_Nonnull y);

    /// Attention of one query head over `count` keys and values: out[head_size]. `keys` and `values` point to the first
    /// position of this head, `stride` floats from one position to the next; `scores` has room for count rounded up
    /// to 16. head_size is a multiple of 16.
    void (*_Nonnull attention)(const float *_Nonnull query, const float *_Nonnull keys, const float *_Nonnull values,
                               size_t stride, size_t count, size_t head_size, float scale, float *_Nonnull scores,
                               float *_Nonnull out);

    /// y = g ÷ (1 + exp(−g)) × u over `n` values (n a multiple of 16). y may be g.
    void (*_Nonnull silu_multiply)(const float *_Nonnull g, const float *_Nonnull u, size_t n, float *_Nonnull y);

    /// Σ exp(x[i] − max) by 16 virtual lanes; `n` any count above 0. `max` receives the largest x.
    float (*_Nonnull sum_exp)(const float *_Nonnull x, size_t n, float *_Nonnull max);
} poai_kernels;

/// The reference in plain C.
const poai_kernels *_Nonnull poai_kernels_portable(void);
/// x86-64 with AVX2, or null where this CPU (or this build) has none.
const poai_kernels *_Nullable poai_kernels_avx2(void);
/// x86-64 with AVX-512 F, BW, VL and VNNI, or null where this CPU (or this build) has none.
const poai_kernels *_Nullable poai_kernels_avx512vnni(void);

/// Puts this thread's floating-point control state to the contract's: nearest even, no flush to zero, exceptions masked.
void poai_fp_environment_reset(void);

/// Repacks whole groups group_begin ..< group_end of a tensor of `rows` × `columns` in the layout of poai_matrix.
/// The number after the name is the GGUF type. Returns 0, or 1 when a scale, minimum or value is not finite.
int poai_repack_q4_0(const uint8_t *_Nonnull src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                     uint8_t *_Nonnull quants, float *_Nonnull scales, float *_Nonnull minimums);
int poai_repack_q4_1(const uint8_t *_Nonnull src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                     uint8_t *_Nonnull quants, float *_Nonnull scales, float *_Nonnull minimums);
int poai_repack_q8_0(const uint8_t *_Nonnull src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                     uint8_t *_Nonnull quants, float *_Nonnull scales);
int poai_repack_f16(const uint8_t *_Nonnull src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                    float *_Nonnull floats);
int poai_repack_f32(const uint8_t *_Nonnull src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                    float *_Nonnull floats);

/// One row of a packed matrix as f32 [columns]: scale × quant, plus the minimum where the type has one.
void poai_unpack_row(const poai_matrix *_Nonnull w, size_t row, float *_Nonnull out);

/// Rotary tables for positions 0 ..< positions: cosines and sines, f32 [position][half], half a power of two.
void poai_rope_tables(double base, size_t half, size_t positions, float *_Nonnull cosines, float *_Nonnull sines);
/// Rotates neighbouring pairs of `heads` heads in place with one position's row of the tables.
void poai_rope_rotate(float *_Nonnull x, size_t heads, size_t half, const float *_Nonnull cosines,
                      const float *_Nonnull sines);
/// x += y, one rounding each.
void poai_add(float *_Nonnull x, const float *_Nonnull y, size_t n);
/// (log(sum) + max) − logit in units of 2⁻¹⁶ nats, rounded to nearest even, negative as 0; −1 when it is not finite or
/// not below 2⁴⁰ units.
int64_t poai_token_loss(float sum, float max, float logit);
/// 1 ÷ √x, two roundings.
float poai_inverse_square_root(float x);
/// The contract's exp and log, for tests and for other engines to compare with.
float poai_exp(float x);
float poai_log(float x);
/// Whether all `n` values are finite.
int poai_all_finite(const float *_Nonnull x, size_t n);

/// A hint to the CPU that this thread is in a short spin loop.
static inline void poai_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#ifdef __cplusplus
}
#endif
#endif
