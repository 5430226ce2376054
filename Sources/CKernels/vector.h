// The float part of the numeric contract written with 16-lane vectors, for every instruction set: a kernel file sets its
// target, includes this file and gets static functions. The 16 virtual lanes of the contract are the 16 lanes of a
// vector, so a compiler that splits a vector into halves or quarters changes no bit.
#include "CKernels.h"
#include "exact.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vf __attribute__((vector_size(64)));
typedef float vf8 __attribute__((vector_size(32)));
typedef float vf4 __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(64)));
typedef uint32_t vu __attribute__((vector_size(64)));

#define POAI_INLINE static inline __attribute__((always_inline))

POAI_INLINE vf load16(const float *p) {
    vf v;
    memcpy(&v, p, sizeof v);
    return v;
}

POAI_INLINE void store16(float *p, vf v) { memcpy(p, &v, sizeof v); }

POAI_INLINE vf splat(float x) { return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

POAI_INLINE vf choose(vi mask, vf yes, vf no) { return (vf)(((vi)yes & mask) | ((vi)no & ~mask)); }

POAI_INLINE vf larger(vf a, vf b) { return choose(a > b, a, b); }

POAI_INLINE float fold(vf s) {
    vf8 a = __builtin_shufflevector(s, s, 0, 1, 2, 3, 4, 5, 6, 7);
    vf8 b = __builtin_shufflevector(s, s, 8, 9, 10, 11, 12, 13, 14, 15);
    vf8 c = a + b;
    vf4 d = __builtin_shufflevector(c, c, 0, 1, 2, 3) + __builtin_shufflevector(c, c, 4, 5, 6, 7);
    float e0 = d[0] + d[2], e1 = d[1] + d[3];
    return e0 + e1;
}

POAI_INLINE vf exp16(vf x) {
    vf t = choose(x > splat(POAI_EXP_HIGH), splat(POAI_EXP_HIGH), x);
    vf u = t * POAI_LOG2E + POAI_MAGIC;
    vf n = u - POAI_MAGIC;
    vf r = (t - n * POAI_LN2_HIGH) - n * POAI_LN2_LOW;
    vf p = splat(POAI_EXP_C5);
    p = p * r + POAI_EXP_C4;
    p = p * r + POAI_EXP_C3;
    p = p * r + POAI_EXP_C2;
    p = p * r + POAI_EXP_C1;
    p = p * r + POAI_EXP_C0;
    p = (p * (r * r) + r) + 1.0f;
    vf y = p * (vf)(((vu)u - (uint32_t)POAI_MAGIC_BITS + 127u) << 23);
    return choose(x < splat(POAI_EXP_LOW), splat(0.0f), y);
}

// `count` values from p, the lanes beyond them filled with `fill`.
POAI_INLINE vf load_part(const float *p, size_t count, float fill) {
    vf v = splat(fill);
    memcpy(&v, p, count * sizeof(float));
    return v;
}

static int vector_quantize(const float *x, size_t n, int8_t *q, float *scales, float *sums, int32_t *integer_sums) {
    int bad = 0;
    for (size_t b = 0; b < n / POAI_BLOCK; b++) {
        vf x0 = load16(x + b * POAI_BLOCK), x1 = load16(x + b * POAI_BLOCK + 16);
        vi m0 = (vi)x0 & 0x7FFFFFFF, m1 = (vi)x1 & 0x7FFFFFFF;
        uint32_t largest = (uint32_t)__builtin_reduce_max(__builtin_elementwise_max(m0, m1));
        if (largest >= POAI_INFINITY_BITS) bad = 1;
        if (largest >= POAI_INFINITY_BITS || largest < POAI_TINY_BITS) {
            memset(q + b * POAI_BLOCK, 0, POAI_BLOCK);
            scales[b] = 0.0f;
            sums[b] = 0.0f;
            integer_sums[b] = 0;
            continue;
        }
        float amax = poai_float(largest);
        float inverse = 127.0f / amax;
        float scale = amax / 127.0f;
        vi q0 = (vi)(x0 * inverse + POAI_MAGIC) - POAI_MAGIC_BITS;
        vi q1 = (vi)(x1 * inverse + POAI_MAGIC) - POAI_MAGIC_BITS;
        typedef int8_t vb __attribute__((vector_size(16)));
        vb b0 = __builtin_convertvector(q0, vb), b1 = __builtin_convertvector(q1, vb);
        memcpy(q + b * POAI_BLOCK, &b0, 16);
        memcpy(q + b * POAI_BLOCK + 16, &b1, 16);
        int32_t total = __builtin_reduce_add(q0 + q1);
        scales[b] = scale;
        sums[b] = scale * (float)total;
        integer_sums[b] = total;
    }
    return bad;
}

static void vector_rms_norm(const float *x, const float *w, size_t n, float eps, float *y) {
    vf lanes = splat(0.0f);
    for (size_t i = 0; i < n; i += 16) {
        vf v = load16(x + i);
        lanes = lanes + v * v;
    }
    vf factor = splat(poai_inverse_square_root(fold(lanes) / (float)n + eps));
    for (size_t i = 0; i < n; i += 16) store16(y + i, (load16(x + i) * factor) * load16(w + i));
}

static void vector_attention(const float *query, const float *keys, const float *values, size_t stride, size_t count,
                             size_t head_size, float scale, float *scores, float *out) {
    float largest = 0.0f;
    for (size_t j = 0; j < count; j++) {
        vf lanes = splat(0.0f);
        for (size_t d = 0; d < head_size; d += 16) lanes = lanes + load16(query + d) * load16(keys + j * stride + d);
        scores[j] = fold(lanes) * scale;
        if (j == 0 || scores[j] > largest) largest = scores[j];
    }
    vf lanes = splat(0.0f), shift = splat(largest);
    size_t j = 0;
    for (; j + 16 <= count; j += 16) {
        vf e = exp16(load16(scores + j) - shift);
        store16(scores + j, e);
        lanes = lanes + e;
    }
    if (j < count) {
        vf e = exp16(load_part(scores + j, count - j, largest) - shift);
        memcpy(scores + j, &e, (count - j) * sizeof(float));
        lanes = lanes + load_part(scores + j, count - j, 0.0f);
    }
    vf inverse = splat(1.0f / fold(lanes));
    for (size_t d = 0; d < head_size; d += 64) {
        size_t width = head_size - d < 64 ? head_size - d : 64;
        vf acc[4] = {splat(0.0f), splat(0.0f), splat(0.0f), splat(0.0f)};
        if (width == 64) {
            for (size_t i = 0; i < count; i++) {
                vf p = splat(scores[i]);
                for (int v = 0; v < 4; v++) acc[v] = acc[v] + p * load16(values + i * stride + d + 16 * v);
            }
        } else {
            for (size_t i = 0; i < count; i++)
                for (size_t v = 0; v < width / 16; v++)
                    acc[v] = acc[v] + splat(scores[i]) * load16(values + i * stride + d + 16 * v);
        }
        for (size_t v = 0; v < width / 16; v++) store16(out + d + 16 * v, acc[v] * inverse);
    }
}

static void vector_silu_multiply(const float *g, const float *u, size_t n, float *y) {
    for (size_t i = 0; i < n; i += 16) {
        vf gate = load16(g + i);
        store16(y + i, (gate / (1.0f + exp16(-gate))) * load16(u + i));
    }
}

static float vector_sum_exp(const float *x, size_t n, float *max) {
    vf top = splat(x[0]);
    size_t i = 0;
    for (; i + 16 <= n; i += 16) top = larger(load16(x + i), top);
    if (i < n) top = larger(load_part(x + i, n - i, x[0]), top);
    float largest = top[0];
    for (int lane = 1; lane < 16; lane++)
        if (top[lane] > largest) largest = top[lane];
    largest = largest + 0.0f;
    vf lanes = splat(0.0f);
    for (i = 0; i + 16 <= n; i += 16) lanes = lanes + exp16(load16(x + i) - largest);
    if (i < n) {
        vf e = exp16(load_part(x + i, n - i, largest) - largest);
        float part[16];
        memcpy(part, &e, sizeof part);
        lanes = lanes + load_part(part, n - i, 0.0f);
    }
    *max = largest;
    return fold(lanes);
}

// Float weights: 16 rows × 4 tokens at a time.
static void vector_matmul_floats(const poai_matrix *w, const poai_activations *a, float *out, size_t stride,
                                 size_t group_begin, size_t group_end, size_t token_begin, size_t token_end) {
    size_t columns = w->columns;
    for (size_t g = group_begin; g < group_end; g++) {
        const float *wf = w->floats + g * columns * POAI_GROUP_ROWS;
        size_t t = token_begin;
        for (; t + 4 <= token_end; t += 4) {
            const float *x = a->values + t * columns;
            vf acc[4] = {splat(0.0f), splat(0.0f), splat(0.0f), splat(0.0f)};
            for (size_t k = 0; k < columns; k++) {
                vf v = load16(wf + k * POAI_GROUP_ROWS);
                for (size_t j = 0; j < 4; j++) acc[j] = acc[j] + v * x[j * columns + k];
            }
            for (size_t j = 0; j < 4; j++) store16(out + (t + j) * stride + g * POAI_GROUP_ROWS, acc[j]);
        }
        for (; t < token_end; t++) {
            const float *x = a->values + t * columns;
            vf acc = splat(0.0f);
            for (size_t k = 0; k < columns; k++) acc = acc + load16(wf + k * POAI_GROUP_ROWS) * x[k];
            store16(out + t * stride + g * POAI_GROUP_ROWS, acc);
        }
    }
}

#pragma clang diagnostic pop
