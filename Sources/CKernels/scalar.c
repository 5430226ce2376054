// Parts of the numeric contract that are the same code on every CPU: tables, logarithm, losses, unpacking.
#include "CKernels.h"
#include "exact.h"

#include <math.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif
#include <fenv.h>

void poai_fp_environment_reset(void) {
    fesetenv(FE_DFL_ENV);
#if defined(__SSE2__)
    _mm_setcsr(0x1F80); // all exceptions masked, nearest even, neither flush-to-zero nor denormals-are-zero
#endif
}

float poai_exp(float x) { return poai_exp_inline(x); }

float poai_inverse_square_root(float x) { return 1.0f / sqrtf(x); }

// Section 4.2: log of a positive normal number.
float poai_log(float x) {
    uint32_t bits = poai_bits(x);
    int32_t exponent = (int32_t)(bits >> 23) - 126;
    float m = poai_float((bits & 0x007FFFFFu) | 0x3F000000u); // in [0.5, 1)
    if (m < 0.70710678f) {
        exponent = exponent - 1;
        m = m + m;
    }
    float f = m - 1.0f;
    float z = f * f;
    float p = 7.0376836292e-2f;
    p = p * f + -1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f + -1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f + -1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f + -2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    float y = (p * f) * z;
    float e = (float)exponent;
    y = y + e * POAI_LN2_LOW;
    y = y - 0.5f * z;
    return (f + y) + e * POAI_LN2_HIGH;
}

// Section 4.8.
int64_t poai_token_loss(float sum, float max, float logit) {
    if (poai_bits(sum) >= POAI_INFINITY_BITS) return -1;
    float units = ((poai_log(sum) + max) - logit) * 65536.0f;
    if (!(units < 1099511627776.0f)) return -1;
    if (units <= 0.0f) return 0;
    if (units < 8388608.0f) units = (units + 8388608.0f) - 8388608.0f;
    return (int64_t)units;
}

int poai_all_finite(const float *x, size_t n) {
    uint32_t largest = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t magnitude = poai_bits(x[i]) & 0x7FFFFFFFu;
        largest = magnitude > largest ? magnitude : largest;
    }
    return largest < POAI_INFINITY_BITS;
}

void poai_add(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] = x[i] + y[i];
}

// Section 4.4: sine and cosine in binary64 for 0 <= angle < 2²⁰.
static void sine_cosine(double angle, double *sine, double *cosine) {
    const double magic = 6755399441055744.0; // 1.5 × 2⁵²
    double n = (angle * 6.36619772367581382433e-01 + magic) - magic;
    double r = angle - n * 1.57079632673412561417e+00;
    r = r - n * 6.07710050630396597660e-11;
    r = r - n * 2.02226624879595063154e-21;
    double z = r * r;
    double s = 1.58969099521155010221e-10;
    s = s * z + -2.50507602534068634195e-08;
    s = s * z + 2.75573137070700676789e-06;
    s = s * z + -1.98412698298579493134e-04;
    s = s * z + 8.33333333332248946124e-03;
    s = s * z + -1.66666666666666324348e-01;
    s = r + (r * z) * s;
    double c = -1.13596475577881948265e-11;
    c = c * z + 2.08757232129817482790e-09;
    c = c * z + -2.75573143513906633035e-07;
    c = c * z + 2.48015872894767294178e-05;
    c = c * z + -1.38888888888741095749e-03;
    c = c * z + 4.16666666666666019037e-02;
    c = (1.0 - 0.5 * z) + (z * z) * c;
    switch ((int64_t)n & 3) {
    case 0: *sine = s; *cosine = c; break;
    case 1: *sine = c; *cosine = -s; break;
    case 2: *sine = -s; *cosine = -c; break;
    default: *sine = -c; *cosine = s; break;
    }
}

void poai_rope_tables(double base, size_t half, size_t positions, float *cosines, float *sines) {
    double root = base;
    for (size_t h = half; h > 1; h /= 2) root = sqrt(root);
    for (size_t p = 0; p < positions; p++) {
        double frequency = 1.0;
        for (size_t i = 0; i < half; i++) {
            double s, c;
            sine_cosine((double)p * frequency, &s, &c);
            cosines[p * half + i] = (float)c;
            sines[p * half + i] = (float)s;
            frequency = frequency / root;
        }
    }
}

void poai_rope_rotate(float *x, size_t heads, size_t half, const float *cosines, const float *sines) {
    for (size_t h = 0; h < heads; h++) {
        float *head = x + h * 2 * half;
        for (size_t i = 0; i < half; i++) {
            float a = head[2 * i], b = head[2 * i + 1];
            float ac = a * cosines[i], bs = b * sines[i], as = a * sines[i], bc = b * cosines[i];
            head[2 * i] = ac - bs;
            head[2 * i + 1] = as + bc;
        }
    }
}

void poai_unpack_row(const poai_matrix *w, size_t row, float *out) {
    size_t group = row / POAI_GROUP_ROWS, lane = row % POAI_GROUP_ROWS, blocks = w->columns / POAI_BLOCK;
    for (size_t k = 0; k < w->columns; k++) {
        if (w->floats) {
            out[k] = w->floats[(group * w->columns + k) * POAI_GROUP_ROWS + lane];
            continue;
        }
        size_t b = k / POAI_BLOCK, i = k % POAI_BLOCK, at = (group * blocks + b) * POAI_GROUP_ROWS + lane;
        int32_t q = w->quants[(group * blocks + b) * 512 + (i / 4) * 64 + lane * 4 + i % 4];
        float product = (float)(w->minimums ? q : q - 128) * w->scales[at];
        out[k] = w->minimums ? product + w->minimums[at] : product;
    }
}
