// The reference implementation of the numeric contract (docs/spec/numeric.md) in plain C, written to be read beside it.
#include "CKernels.h"
#include "exact.h"

#include <math.h>

// Section 3.2: activations.
static int quantize(const float *x, size_t n, int8_t *q, float *scales, float *sums, int32_t *integer_sums) {
    int bad = 0;
    for (size_t b = 0; b < n / POAI_BLOCK; b++) {
        const float *xb = x + b * POAI_BLOCK;
        int8_t *qb = q + b * POAI_BLOCK;
        uint32_t largest = 0;
        for (int i = 0; i < POAI_BLOCK; i++) {
            uint32_t magnitude = poai_bits(xb[i]) & 0x7FFFFFFFu;
            if (magnitude > largest) largest = magnitude;
        }
        if (largest >= POAI_INFINITY_BITS) bad = 1;
        if (largest >= POAI_INFINITY_BITS || largest < POAI_TINY_BITS) {
            memset(qb, 0, POAI_BLOCK);
            scales[b] = 0.0f;
            sums[b] = 0.0f;
            integer_sums[b] = 0;
            continue;
        }
        float amax = poai_float(largest);
        float inverse = 127.0f / amax;
        float scale = amax / 127.0f;
        int32_t total = 0;
        for (int i = 0; i < POAI_BLOCK; i++) {
            float rounded = (xb[i] * inverse + POAI_MAGIC) - POAI_MAGIC;
            qb[i] = (int8_t)rounded;
            total += (int32_t)rounded;
        }
        scales[b] = scale;
        sums[b] = scale * (float)total;
        integer_sums[b] = total;
    }
    return bad;
}

// Section 3.3: one output is one serial chain over the blocks.
static float dot_quants(const poai_matrix *w, const poai_activations *a, size_t row, size_t token) {
    size_t blocks = w->columns / POAI_BLOCK, group = row / POAI_GROUP_ROWS, lane = row % POAI_GROUP_ROWS;
    float acc = 0.0f;
    for (size_t b = 0; b < blocks; b++) {
        const uint8_t *wq = w->quants + (group * blocks + b) * POAI_BLOCK * POAI_GROUP_ROWS;
        const int8_t *xq = a->quants + token * w->columns + b * POAI_BLOCK;
        int32_t dot = 0;
        int32_t offset = w->minimums ? 0 : 128;
        for (int k = 0; k < POAI_BLOCK; k++)
            dot += ((int32_t)wq[(k / 4) * 64 + (int)lane * 4 + k % 4] - offset) * (int32_t)xq[k];
        size_t at = (group * blocks + b) * POAI_GROUP_ROWS + lane;
        float scale = w->scales[at] * a->scales[token * blocks + b];
        float product = (float)dot * scale;
        acc = acc + product;
        if (w->minimums) {
            float least = w->minimums[at] * a->sums[token * blocks + b];
            acc = acc + least;
        }
    }
    return acc;
}

// Section 3.4: float weights, one serial chain over the columns.
static float dot_floats(const poai_matrix *w, const poai_activations *a, size_t row, size_t token) {
    const float *wf = w->floats + (row / POAI_GROUP_ROWS) * w->columns * POAI_GROUP_ROWS + row % POAI_GROUP_ROWS;
    const float *x = a->values + token * w->columns;
    float acc = 0.0f;
    for (size_t k = 0; k < w->columns; k++) {
        float product = wf[k * POAI_GROUP_ROWS] * x[k];
        acc = acc + product;
    }
    return acc;
}

static void matmul(const poai_matrix *w, const poai_activations *a, float *out, size_t stride, size_t group_begin,
                   size_t group_end, size_t token_begin, size_t token_end) {
    for (size_t token = token_begin; token < token_end; token++)
        for (size_t row = group_begin * POAI_GROUP_ROWS; row < group_end * POAI_GROUP_ROWS; row++)
            out[token * stride + row] = w->floats ? dot_floats(w, a, row, token) : dot_quants(w, a, row, token);
}

// Section 4.3.
static void rms_norm(const float *x, const float *w, size_t n, float eps, float *y) {
    float lanes[POAI_LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        float square = x[i] * x[i];
        lanes[i % POAI_LANES] = lanes[i % POAI_LANES] + square;
    }
    float mean = poai_fold_lanes(lanes) / (float)n;
    float factor = poai_inverse_square_root(mean + eps);
    for (size_t i = 0; i < n; i++) {
        float scaled = x[i] * factor;
        y[i] = scaled * w[i];
    }
}

// Section 4.5.
static void attention(const float *query, const float *keys, const float *values, size_t stride, size_t count,
                      size_t head_size, float scale, float *scores, float *out) {
    float largest = 0.0f;
    for (size_t j = 0; j < count; j++) {
        float lanes[POAI_LANES] = {0};
        for (size_t d = 0; d < head_size; d++) {
            float product = query[d] * keys[j * stride + d];
            lanes[d % POAI_LANES] = lanes[d % POAI_LANES] + product;
        }
        scores[j] = poai_fold_lanes(lanes) * scale;
        if (j == 0 || scores[j] > largest) largest = scores[j];
    }
    float lanes[POAI_LANES] = {0};
    for (size_t j = 0; j < count; j++) {
        scores[j] = poai_exp_inline(scores[j] - largest);
        lanes[j % POAI_LANES] = lanes[j % POAI_LANES] + scores[j];
    }
    float inverse = 1.0f / poai_fold_lanes(lanes);
    for (size_t d = 0; d < head_size; d++) {
        float acc = 0.0f;
        for (size_t j = 0; j < count; j++) {
            float product = scores[j] * values[j * stride + d];
            acc = acc + product;
        }
        out[d] = acc * inverse;
    }
}

// Section 4.6.
static void silu_multiply(const float *g, const float *u, size_t n, float *y) {
    for (size_t i = 0; i < n; i++) {
        float gate = g[i] / (1.0f + poai_exp_inline(-g[i]));
        y[i] = gate * u[i];
    }
}

// Section 4.7.
static float sum_exp(const float *x, size_t n, float *max) {
    float largest = x[0];
    for (size_t i = 1; i < n; i++)
        if (x[i] > largest) largest = x[i];
    largest = largest + 0.0f; // a maximum of zero is +0
    float lanes[POAI_LANES] = {0};
    for (size_t i = 0; i < n; i++) lanes[i % POAI_LANES] = lanes[i % POAI_LANES] + poai_exp_inline(x[i] - largest);
    *max = largest;
    return poai_fold_lanes(lanes);
}

static const poai_kernels table = {"portable", quantize, matmul, rms_norm, attention, silu_multiply, sum_exp};

const poai_kernels *poai_kernels_portable(void) { return &table; }
