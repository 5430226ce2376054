// AVX-512 with VNNI: one 512-bit dot product instruction takes 16 rows × 4 columns; see docs/spec/numeric.md, section 3.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), \
                             apply_to = function)
#include "vector.h"

// 16 rows × `tokens` tokens; quants are unsigned, `offset` of them is 0 (4 bits) or 128 (8 bits), taken off exactly in
// integers by offset × Σ activations.
POAI_INLINE void tile(const uint8_t *wq, const float *d, const float *m, const poai_activations *a, float *out,
                      size_t stride, size_t blocks, size_t token, const int tokens, const int has_minimum) {
    __m512 acc[12];
    for (int j = 0; j < tokens; j++) acc[j] = _mm512_setzero_ps();
    const int8_t *xq = a->quants + token * blocks * POAI_BLOCK;
    for (size_t b = 0; b < blocks; b++, wq += 512, d += 16) {
        __m512i s[12];
        for (int j = 0; j < tokens; j++)
            s[j] = has_minimum ? _mm512_setzero_si512()
                               : _mm512_set1_epi32(-128 * a->integer_sums[(token + (size_t)j) * blocks + b]);
#pragma clang loop unroll(full)
        for (int step = 0; step < 8; step++) {
            __m512i w = _mm512_loadu_si512(wq + 64 * step);
#pragma clang loop unroll(full)
            for (int j = 0; j < tokens; j++) {
                int32_t four;
                memcpy(&four, xq + ((size_t)j * blocks + b) * POAI_BLOCK + 4 * step, 4);
                s[j] = _mm512_dpbusd_epi32(s[j], w, _mm512_set1_epi32(four));
            }
        }
        __m512 scales = _mm512_loadu_ps(d);
#pragma clang loop unroll(full)
        for (int j = 0; j < tokens; j++) {
            __m512 scale = _mm512_set1_ps(a->scales[(token + (size_t)j) * blocks + b]);
            acc[j] = _mm512_add_ps(acc[j], _mm512_mul_ps(_mm512_cvtepi32_ps(s[j]), _mm512_mul_ps(scales, scale)));
        }
        if (has_minimum) {
            __m512 minimums = _mm512_loadu_ps(m + b * POAI_GROUP_ROWS);
#pragma clang loop unroll(full)
            for (int j = 0; j < tokens; j++) {
                __m512 sum = _mm512_set1_ps(a->sums[(token + (size_t)j) * blocks + b]);
                acc[j] = _mm512_add_ps(acc[j], _mm512_mul_ps(minimums, sum));
            }
        }
    }
    for (int j = 0; j < tokens; j++) _mm512_storeu_ps(out + (token + (size_t)j) * stride, acc[j]);
}

POAI_INLINE void group(const uint8_t *wq, const float *d, const float *m, const poai_activations *a, float *out,
                       size_t stride, size_t blocks, size_t token, size_t token_end, const int has_minimum) {
    for (; token + 8 <= token_end; token += 8) tile(wq, d, m, a, out, stride, blocks, token, 8, has_minimum);
    for (; token + 2 <= token_end; token += 2) tile(wq, d, m, a, out, stride, blocks, token, 2, has_minimum);
    for (; token < token_end; token++) tile(wq, d, m, a, out, stride, blocks, token, 1, has_minimum);
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
        float *o = out + g * POAI_GROUP_ROWS;
        if (w->minimums)
            group(wq, d, w->minimums + g * blocks * POAI_GROUP_ROWS, a, o, stride, blocks, token_begin, token_end, 1);
        else
            group(wq, d, 0, a, o, stride, blocks, token_begin, token_end, 0);
    }
}

static const poai_kernels table = {"avx512vnni",     vector_quantize,      matmul,         vector_rms_norm,
                                   vector_attention, vector_silu_multiply, vector_sum_exp};
#pragma clang attribute pop

const poai_kernels *poai_kernels_avx512vnni(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512vnni")
               ? &table
               : 0;
}

#else
const poai_kernels *poai_kernels_avx512vnni(void) { return 0; }
#endif
