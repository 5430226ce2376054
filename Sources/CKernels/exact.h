// Scalar pieces of the numeric contract that every kernel file shares. Section numbers are those of docs/spec/numeric.md.
#ifndef POAI_EXACT_H
#define POAI_EXACT_H

#include <float.h>
#include <stdint.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "the exact engine needs binary32 arithmetic in binary32 (FLT_EVAL_METHOD 0)"
#endif
#ifdef __FAST_MATH__
#error "the exact engine cannot be compiled with fast-math"
#endif
#pragma STDC FP_CONTRACT OFF

#define POAI_MAGIC 12582912.0f          // 1.5 × 2²³: adding and subtracting it rounds to the nearest even integer
#define POAI_MAGIC_BITS 0x4B400000
#define POAI_TINY_BITS 0x17800000u      // 2⁻⁸⁰: a block whose largest magnitude is below it is quantized as zero
#define POAI_INFINITY_BITS 0x7F800000u

#define POAI_EXP_LOW (-87.0f)
#define POAI_EXP_HIGH 88.0f
#define POAI_LOG2E 1.44269504f
#define POAI_LN2_HIGH 0.693359375f
#define POAI_LN2_LOW (-2.12194440e-4f)
#define POAI_EXP_C5 1.9875691500e-4f
#define POAI_EXP_C4 1.3981999507e-3f
#define POAI_EXP_C3 8.3334519073e-3f
#define POAI_EXP_C2 4.1665795894e-2f
#define POAI_EXP_C1 1.6666665459e-1f
#define POAI_EXP_C0 5.0000001201e-1f

static inline uint32_t poai_bits(float x) {
    uint32_t u;
    memcpy(&u, &x, 4);
    return u;
}

static inline float poai_float(uint32_t u) {
    float x;
    memcpy(&x, &u, 4);
    return x;
}

// Section 4.1, exp.
static inline float poai_exp_inline(float x) {
    float t = x > POAI_EXP_HIGH ? POAI_EXP_HIGH : x;
    float u = t * POAI_LOG2E + POAI_MAGIC;
    float n = u - POAI_MAGIC;
    float r = (t - n * POAI_LN2_HIGH) - n * POAI_LN2_LOW;
    float p = POAI_EXP_C5;
    p = p * r + POAI_EXP_C4;
    p = p * r + POAI_EXP_C3;
    p = p * r + POAI_EXP_C2;
    p = p * r + POAI_EXP_C1;
    p = p * r + POAI_EXP_C0;
    p = (p * (r * r) + r) + 1.0f;
    float y = p * poai_float((poai_bits(u) - (uint32_t)POAI_MAGIC_BITS + 127u) << 23);
    return x < POAI_EXP_LOW ? 0.0f : y;
}

// Section 2.3: the fixed binary tree that folds 16 lanes into one.
static inline float poai_fold_lanes(float s[16]) {
    for (int half = 8; half > 0; half /= 2)
        for (int j = 0; j < half; j++) s[j] = s[j] + s[j + half];
    return s[0];
}

#endif
