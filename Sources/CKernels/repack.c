// GGUF tensors into the packed layout of poai_matrix (docs/spec/numeric.md, section 3.1).
#include "CKernels.h"
#include "exact.h"

static float half_to_float(const uint8_t *p) {
    uint32_t h = (uint32_t)p[0] | (uint32_t)p[1] << 8;
    uint32_t sign = (h & 0x8000u) << 16, exponent = h >> 10 & 31u, fraction = h & 0x3FFu;
    if (exponent == 31) return poai_float(sign | 0x7F800000u | fraction << 13);
    if (exponent != 0) return poai_float(sign | (exponent + 112u) << 23 | fraction << 13);
    float magnitude = (float)fraction * 5.9604644775390625e-8f; // fraction × 2⁻²⁴, exact
    return sign ? -magnitude : magnitude;
}

static int is_finite(float x) { return (poai_bits(x) & 0x7FFFFFFFu) < POAI_INFINITY_BITS; }

// What one block of 32 weights of a quantized type unpacks to.
typedef struct {
    uint8_t quants[POAI_BLOCK];
    float scale, minimum;
} block;

static block read_q4_0(const uint8_t *p) {
    block r;
    r.scale = half_to_float(p);
    r.minimum = -8.0f * r.scale;
    for (int i = 0; i < 16; i++) {
        r.quants[i] = p[2 + i] & 15;
        r.quants[i + 16] = p[2 + i] >> 4;
    }
    return r;
}

static block read_q4_1(const uint8_t *p) {
    block r;
    r.scale = half_to_float(p);
    r.minimum = half_to_float(p + 2);
    for (int i = 0; i < 16; i++) {
        r.quants[i] = p[4 + i] & 15;
        r.quants[i + 16] = p[4 + i] >> 4;
    }
    return r;
}

static block read_q8_0(const uint8_t *p) {
    block r;
    r.scale = half_to_float(p);
    r.minimum = 0.0f;
    for (int i = 0; i < POAI_BLOCK; i++) r.quants[i] = p[2 + i] ^ 0x80; // q + 128
    return r;
}

typedef block (*block_reader)(const uint8_t *p);

static inline __attribute__((always_inline)) int repack(const uint8_t *src, size_t rows, size_t columns,
                                                        size_t group_begin, size_t group_end, uint8_t *quants,
                                                        float *scales, float *minimums, size_t bytes_per_block,
                                                        uint8_t zero, block_reader read) {
    size_t blocks = columns / POAI_BLOCK;
    int bad = 0;
    for (size_t g = group_begin; g < group_end; g++)
        for (size_t lane = 0; lane < POAI_GROUP_ROWS; lane++) {
            size_t row = g * POAI_GROUP_ROWS + lane;
            for (size_t b = 0; b < blocks; b++) {
                uint8_t *q = quants + (g * blocks + b) * 512 + lane * 4;
                size_t at = (g * blocks + b) * POAI_GROUP_ROWS + lane;
                block v;
                if (row < rows) {
                    v = read(src + (row * blocks + b) * bytes_per_block);
                    if (!is_finite(v.scale) || !is_finite(v.minimum)) bad = 1;
                } else {
                    memset(v.quants, zero, sizeof v.quants);
                    v.scale = v.minimum = 0.0f;
                }
                for (int step = 0; step < 8; step++) memcpy(q + step * 64, v.quants + step * 4, 4);
                scales[at] = v.scale;
                if (minimums) minimums[at] = v.minimum;
            }
        }
    return bad;
}

int poai_repack_q4_0(const uint8_t *src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                     uint8_t *quants, float *scales, float *minimums) {
    return repack(src, rows, columns, group_begin, group_end, quants, scales, minimums, 18, 0, read_q4_0);
}

int poai_repack_q4_1(const uint8_t *src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                     uint8_t *quants, float *scales, float *minimums) {
    return repack(src, rows, columns, group_begin, group_end, quants, scales, minimums, 20, 0, read_q4_1);
}

int poai_repack_q8_0(const uint8_t *src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                     uint8_t *quants, float *scales) {
    return repack(src, rows, columns, group_begin, group_end, quants, scales, 0, 34, 128, read_q8_0);
}

static float read_f32(const uint8_t *p) {
    uint32_t u = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return poai_float(u);
}

static inline __attribute__((always_inline)) int repack_floats(const uint8_t *src, size_t rows, size_t columns,
                                                               size_t group_begin, size_t group_end, float *floats,
                                                               size_t bytes, float (*read)(const uint8_t *)) {
    int bad = 0;
    for (size_t g = group_begin; g < group_end; g++)
        for (size_t k = 0; k < columns; k++)
            for (size_t lane = 0; lane < POAI_GROUP_ROWS; lane++) {
                size_t row = g * POAI_GROUP_ROWS + lane;
                float v = row < rows ? read(src + (row * columns + k) * bytes) : 0.0f;
                if (!is_finite(v)) bad = 1;
                floats[(g * columns + k) * POAI_GROUP_ROWS + lane] = v;
            }
    return bad;
}

int poai_repack_f16(const uint8_t *src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                    float *floats) {
    return repack_floats(src, rows, columns, group_begin, group_end, floats, 2, half_to_float);
}

int poai_repack_f32(const uint8_t *src, size_t rows, size_t columns, size_t group_begin, size_t group_end,
                    float *floats) {
    return repack_floats(src, rows, columns, group_begin, group_end, floats, 4, read_f32);
}
