// Prints the token ids that llama.cpp gives to each line of a corpus: plain ids, a bar, ids with special tokens parsed.
//
//   cc -O1 -I llama.cpp/include -I llama.cpp/ggml/include reference_ids.c -L llama.cpp/build/bin -lllama -o reference_ids
//   ./reference_ids SmolLM2-135M-Instruct.Q4_1.gguf < corpus.txt > expected_ids.txt
//   ./reference_ids SmolLM2-135M-Instruct.Q4_1.gguf --code-points > code_point_hash.txt
//
// Lines of the corpus are escaped: \n \r \t \\ and \xHH. With --code-points it prints one number instead: FNV-1a, 64 bits, over
// the ids (4 bytes each, little-endian) of "a" c " " c c "1 " for every code point c but surrogates.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "llama.h"

enum { limit = 1 << 20 };
static char line[limit], text[limit];
static llama_token ids[limit];

static void quiet(enum ggml_log_level level, const char * message, void * data) {
    (void) level, (void) message, (void) data;
}

static int unescape(const char * in, char * out) {
    char * start = out;
    while (*in && *in != '\n') {
        if (*in != '\\') {
            *out++ = *in++;
            continue;
        }
        switch (*++in) {
            case 'n': *out++ = '\n'; in++; break;
            case 'r': *out++ = '\r'; in++; break;
            case 't': *out++ = '\t'; in++; break;
            case '\\': *out++ = '\\'; in++; break;
            case 'x': {
                char hex[3] = { in[1], in[2], 0 };
                *out++ = (char) strtol(hex, NULL, 16);
                in += 3;
                break;
            }
            default: fprintf(stderr, "bad escape in: %s", in); exit(1);
        }
    }
    return (int) (out - start);
}

static int utf8(uint32_t c, char * out) {
    if (c < 0x80) return out[0] = (char) c, 1;
    if (c < 0x800) return out[0] = (char) (0xC0 | c >> 6), out[1] = (char) (0x80 | (c & 63)), 2;
    if (c < 0x10000) {
        out[0] = (char) (0xE0 | c >> 12), out[1] = (char) (0x80 | (c >> 6 & 63)), out[2] = (char) (0x80 | (c & 63));
        return 3;
    }
    out[0] = (char) (0xF0 | c >> 18), out[1] = (char) (0x80 | (c >> 12 & 63));
    out[2] = (char) (0x80 | (c >> 6 & 63)), out[3] = (char) (0x80 | (c & 63));
    return 4;
}

int main(int argc, char ** argv) {
    if (argc < 2) return fprintf(stderr, "usage: reference_ids model.gguf [--code-points]\n"), 1;
    llama_log_set(quiet, NULL);
    struct llama_model_params params = llama_model_default_params();
    params.vocab_only = true;
    struct llama_model * model = llama_model_load_from_file(argv[1], params);
    if (!model) return fprintf(stderr, "cannot load %s\n", argv[1]), 1;
    const struct llama_vocab * vocab = llama_model_get_vocab(model);

    if (argc > 2) {
        uint64_t hash = 0xCBF29CE484222325u;
        for (uint32_t c = 0; c < 0x110000; c++) {
            if (c >= 0xD800 && c < 0xE000) continue;
            int n = 0;
            text[n++] = 'a', n += utf8(c, text + n), text[n++] = ' ', n += utf8(c, text + n), n += utf8(c, text + n);
            text[n++] = '1', text[n++] = ' ';
            int count = llama_tokenize(vocab, text, n, ids, limit, false, false);
            for (int i = 0; i < count; i++)
                for (int shift = 0; shift < 32; shift += 8)
                    hash = (hash ^ ((uint32_t) ids[i] >> shift & 255)) * 0x100000001B3u;
        }
        printf("%llu\n", (unsigned long long) hash);
        return 0;
    }
    while (fgets(line, limit, stdin)) {
        int length = unescape(line, text);
        for (int special = 0; special <= 1; special++) {
            int count = llama_tokenize(vocab, text, length, ids, limit, false, special);
            for (int i = 0; i < count; i++) printf("%s%d", i ? " " : "", ids[i]);
            printf("%s", special ? "\n" : " |");
            if (!special) printf(" ");
        }
    }
    return 0;
}
