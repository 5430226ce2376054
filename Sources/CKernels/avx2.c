// AVX2: 256-bit integer dot products of unsigned weights with signed activations; see docs/spec/numeric.md, section 3.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "vector.h"

// 16 rows × `tokens` tokens. 4-bit quants: eight steps of at most 2 × 15 × 127 stay below 2¹⁵, so sums of a block fit
// 16 bits and are widened once.
POAI_INLINE void tile_u4(const uint8_t *wq, const float *d, const float *m, const poai_activations *a, float *out,
                         size_t stride, size_t blocks, size_t token, const int tokens) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256 acc[2][4];
    for (int j = 0; j < tokens; j++) acc[0][j] = acc[1][j] = _mm256_setzero_ps();
    for (size_t b = 0; b < blocks; b++, wq += 512, d += 16, m += 16) {
        __m256i s[2][4];
        for (int j = 0; j < tokens; j++) s[0][j] = s[1][j] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
        for (int step = 0; step < 8; step++) {
            __m256i w0 = _mm256_loadu_si256((const __m256i *)(wq + 64 * step));
            __m256i w1 = _mm256_loadu_si256((const __m256i *)(wq + 64 * step + 32));
#pragma clang loop unroll(full)
            for (int j = 0; j < tokens; j++) {
                int32_t four;
                memcpy(&four, a->quants + ((token + (size_t)j) * blocks + b) * POAI_BLOCK + 4 * step, 4);
                __m256i x = _mm256_set1_epi32(four);
                s[0][j] = _mm256_add_epi16(s[0][j], _mm256_maddubs_epi16(w0, x));
                s[1][j] = _mm256_add_epi16(s[1][j], _mm256_maddubs_epi16(w1, x));
            }
        }
#pragma clang loop unroll(full)
        for (int j = 0; j < tokens; j++) {
            __m256 scale = _mm256_set1_ps(a->scales[(token + (size_t)j) * blocks + b]);
            __m256 sum = _mm256_set1_ps(a->sums[(token + (size_t)j) * blocks + b]);
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) {
                __m256 dot = _mm256_cvtepi32_ps(_mm256_madd_epi16(s[h][j], ones));
                __m256 product = _mm256_mul_ps(dot, _mm256_mul_ps(_mm256_loadu_ps(d + 8 * h), scale));
                __m256 least = _mm256_mul_ps(_mm256_loadu_ps(m + 8 * h), sum);
                acc[h][j] = _mm256_add_ps(_mm256_add_ps(acc[h][j], product), least);
            }
        }
    }
    for (int j = 0; j < tokens; j++) {
        _mm256_storeu_ps(out + (token + (size_t)j) * stride, acc[0][j]);
        _mm256_storeu_ps(out + (token + (size_t)j) * stride + 8, acc[1][j]);
    }
}

// 8-bit quants stored with offset 128: |w| × sign(x, w) keeps a pair below 2¹⁵ (2 × 128 × 127), widened every step.
POAI_INLINE void tile_s8(const uint8_t *wq, const float *d, const poai_activations *a, float *out, size_t stride,
                         size_t blocks, size_t token, const int tokens) {
    const __m256i ones = _mm256_set1_epi16(1), offset = _mm256_set1_epi8((char)0x80);
    __m256 acc[2][2];
    for (int j = 0; j < tokens; j++) acc[0][j] = acc[1][j] = _mm256_setzero_ps();
    for (size_t b = 0; b < blocks; b++, wq += 512, d += 16) {
        __m256i s[2][2];
        for (int j = 0; j < tokens; j++) s[0][j] = s[1][j] = _mm256_setzero_si256();
        for (int step = 0; step < 8; step++) {
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) {
                __m256i stored = _mm256_loadu_si256((const __m256i *)(wq + 64 * step + 32 * h));
                __m256i w = _mm256_xor_si256(stored, offset), magnitude = _mm256_abs_epi8(w);
#pragma clang loop unroll(full)
                for (int j = 0; j < tokens; j++) {
                    int32_t four;
                    memcpy(&four, a->quants + ((token + (size_t)j) * blocks + b) * POAI_BLOCK + 4 * step, 4);
                    __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(_mm256_set1_epi32(four), w));
                    s[h][j] = _mm256_add_epi32(s[h][j], _mm256_madd_epi16(pairs, ones));
                }
            }
        }
#pragma clang loop unroll(full)
        for (int j = 0; j < tokens; j++) {
            __m256 scale = _mm256_set1_ps(a->scales[(token + (size_t)j) * blocks + b]);
#pragma clang loop unroll(full)
            for (int h = 0; h < 2; h++) {
                __m256 product = _mm256_mul_ps(_mm256_cvtepi32_ps(s[h][j]),
                                               _mm256_mul_ps(_mm256_loadu_ps(d + 8 * h), scale));
                acc[h][j] = _mm256_add_ps(acc[h][j], product);
            }
        }
    }
    for (int j = 0; j < tokens; j++) {
        _mm256_storeu_ps(out + (token + (size_t)j) * stride, acc[0][j]);
        _mm256_storeu_ps(out + (token + (size_t)j) * stride + 8, acc[1][j]);
    }
}

static void matmul(const poai_matrix *w, const poai_activations *a, float *out, size_t stride, size_t group_begin,
                   size_t group_end, size_t token_begin, size_t token_end) {
    if (w->floats) {
        vector_matmul_floats(w, a, out, stride, group_begin, group_end, token_begin, token_end);
        return;
    }
    size_t blocks = w->columns / POAI_BLOCK;
    for (size_t g = group_begin; g < group_end; g++) {
        const uint8_t *wq = w->quants + g * blocks * 512;
        const float *d = w->scales + g * blocks * POAI_GROUP_ROWS;
        const float *m = w->minimums ? w->minimums + g * blocks * POAI_GROUP_ROWS : 0;
        float *o = out + g * POAI_GROUP_ROWS;
        size_t t = token_begin;
        if (m) {
            for (; t + 3 <= token_end; t += 3) tile_u4(wq, d, m, a, o, stride, blocks, t, 3);
            for (; t < token_end; t++) tile_u4(wq, d, m, a, o, stride, blocks, t, 1);
        } else {
            for (; t + 2 <= token_end; t += 2) tile_s8(wq, d, a, o, stride, blocks, t, 2);
            for (; t < token_end; t++) tile_s8(wq, d, a, o, stride, blocks, t, 1);
        }
    }
}

static const poai_kernels table = {"avx2",           vector_quantize,      matmul,         vector_rms_norm,
                                   vector_attention, vector_silu_multiply, vector_sum_exp};
#pragma clang attribute pop

const poai_kernels *poai_kernels_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") ? &table : 0;
}

#else
const poai_kernels *poai_kernels_avx2(void) { return 0; }
#endif
