// Prints one checksum per kernel over all functions of CKernels on fixed pseudo-random input with many shapes. All lines
// must be the same whatever the kernel, the compiler's optimization or its checks; scripts/check_kernel_builds.sh compares.
// Also a harness for sanitizers and valgrind: every buffer is allocated with exactly the size that the header asks for.
#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state, checksum;

static uint64_t draw(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static float unit(void) { return (float)((int64_t)(draw() >> 40) - 8388608) / 8388608.0f; }

static void mix(const void *data, size_t size) {
    const uint8_t *p = data;
    for (size_t i = 0; i < size; i++) checksum = (checksum ^ p[i]) * 0x100000001B3u;
}

static void *room(size_t size) {
    void *p = malloc(size);
    if (!p) abort();
    memset(p, 0xA5, size);
    return p;
}

static float *floats(size_t count, float scale) {
    float *p = room(count * sizeof *p);
    for (size_t i = 0; i < count; i++) p[i] = unit() * scale;
    return p;
}

// A GGUF block's scale: an f16 below 1, subnormal ones included.
static void put_half(uint8_t *p) {
    uint16_t h = (uint16_t)(draw() & 0xBBFF);
    memcpy(p, &h, 2);
}

static uint8_t *tensor(int type, size_t cells) {
    static const size_t sizes[] = {18, 20, 34, 64, 128};
    size_t blocks = cells / 32, size = sizes[type];
    uint8_t *p = room(blocks * size);
    for (size_t i = 0; i < blocks * size; i++) p[i] = (uint8_t)draw();
    for (size_t b = 0; b < blocks; b++) {
        uint8_t *block = p + b * size;
        if (type < 3) put_half(block);
        if (type == 1) put_half(block + 2);
        if (type == 3)
            for (int i = 0; i < 32; i++) put_half(block + 2 * i);
        if (type == 4)
            for (int i = 0; i < 32; i++) {
                float v = unit();
                memcpy(block + 4 * i, &v, 4);
            }
        if (type == 2 && b % 5 == 0) memset(block + 2, 0x80, 32);
    }
    return p;
}

static void matrices(const poai_kernels *kernel, int type, size_t rows, size_t columns, size_t tokens) {
    size_t groups = (rows + 15) / 16, cells = groups * 16 * columns, blocks = cells / 32, stride = groups * 16;
    uint8_t *source = tensor(type, rows * columns), *quants = room(cells);
    float *scales = room(blocks * 4), *minimums = room(blocks * 4), *values = room(cells * 4);
    int bad = type == 0   ? poai_repack_q4_0(source, rows, columns, 0, groups, quants, scales, minimums)
              : type == 1 ? poai_repack_q4_1(source, rows, columns, 0, groups, quants, scales, minimums)
              : type == 2 ? poai_repack_q8_0(source, rows, columns, 0, groups, quants, scales)
              : type == 3 ? poai_repack_f16(source, rows, columns, 0, groups, values)
                          : poai_repack_f32(source, rows, columns, 0, groups, values);
    if (bad) abort();
    poai_matrix w = {rows, columns, type < 3 ? quants : 0, type < 3 ? scales : 0, type < 2 ? minimums : 0,
                     type < 3 ? 0 : values};
    size_t n = tokens * columns;
    float *x = floats(n, type == 2 ? 1e20f : 3.0f), *xs = room(n / 8), *sums = room(n / 8);
    int8_t *xq = room(n);
    for (size_t b = 0; b < n / 32; b += 1 + draw() % 9) // blocks around 2^-80, below which all is zero
        for (size_t i = 0; i < 32; i++) x[32 * b + i] = unit() * 0x1p-80f * (draw() % 2 ? 1.5f : 0.5f);
    int32_t *integers = room(n / 8);
    for (size_t t = 0; t < tokens; t++)
        if (kernel->quantize(x + t * columns, columns, xq + t * columns, xs + t * columns / 32, sums + t * columns / 32,
                             integers + t * columns / 32))
            abort();
    mix(xq, n), mix(xs, n / 8), mix(sums, n / 8), mix(integers, n / 8);
    poai_activations a = {x, xq, xs, sums, integers};
    float *out = room(tokens * stride * 4), *row = room(columns * 4);
    kernel->matmul(&w, &a, out, stride, 0, groups, 0, tokens);
    mix(out, tokens * stride * 4);
    for (size_t r = 0; r < rows; r++) poai_unpack_row(&w, r, row), mix(row, columns * 4);
    free(source), free(quants), free(scales), free(minimums), free(values), free(x), free(xs), free(sums), free(xq);
    free(integers), free(out), free(row);
}

static void attention(const poai_kernels *kernel, size_t head, size_t count) {
    size_t stride = 2 * head;
    float *query = floats(head, 4), *keys = floats(count * stride, 4), *values = floats(count * stride, 1);
    float *scores = room((count + 15) / 16 * 64), *out = room(head * 4);
    kernel->attention(query, keys, values, stride, count, head, poai_inverse_square_root((float)head), scores, out);
    mix(out, head * 4);
    free(query), free(keys), free(values), free(scores), free(out);
}

static void rows(const poai_kernels *kernel, size_t n) {
    float *x = floats(n, 120), *w = floats(n, 2), *y = room(n * 4), largest;
    kernel->rms_norm(x, w, n, 1e-5f, y), mix(y, n * 4);
    kernel->silu_multiply(x, w, n, y), mix(y, n * 4);
    for (size_t count = n - 15; count <= n; count++) {
        float sum = kernel->sum_exp(x, count, &largest);
        int64_t loss = poai_token_loss(sum, largest, x[count / 2]);
        mix(&sum, 4), mix(&largest, 4), mix(&loss, 8);
    }
    poai_add(x, w, n), mix(x, n * 4);
    int finite = poai_all_finite(x, n);
    mix(&finite, sizeof finite);
    free(x), free(w), free(y);
}

static void rotation(size_t half) {
    float *cosines = room(50 * half * 4), *sines = room(50 * half * 4), *x = floats(6 * half, 1);
    poai_rope_tables(10000.0, half, 50, cosines, sines);
    poai_rope_rotate(x, 3, half, cosines + 49 * half, sines + 49 * half);
    mix(cosines, 50 * half * 4), mix(sines, 50 * half * 4), mix(x, 6 * half * 4);
    free(cosines), free(sines), free(x);
}

int main(void) {
    const poai_kernels *kernels[] = {poai_kernels_portable(), poai_kernels_avx2(), poai_kernels_avx512vnni()};
    poai_fp_environment_reset();
    for (int k = 0; k < 3; k++) {
        if (!kernels[k]) continue;
        state = 1, checksum = 0xCBF29CE484222325u;
        for (int type = 0; type < 5; type++)
            for (size_t tokens = 1; tokens <= 11; tokens++) {
                matrices(kernels[k], type, 1 + tokens * 7 % 40, 32 * (1 + tokens % 4), tokens);
            }
        for (size_t count = 1; count <= 40; count++) attention(kernels[k], 16 * (1 + count % 9), count);
        for (size_t n = 16; n <= 640; n += 48) rows(kernels[k], n);
        for (size_t half = 8; half <= 64; half *= 2) rotation(half);
        printf("%016llx %s\n", (unsigned long long)checksum, kernels[k]->name);
    }
    return 0;
}
