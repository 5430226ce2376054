#!/usr/bin/env bash
# Compares the speed of `poaid bench` with llama.cpp on the same model file, threads and sequence length (64 tokens), in
# one run: rounds alternate between the two, so that both see the same machine, and medians are compared. Keep the
# machine otherwise idle.
#
# usage: Benchmarks/llama_compare.sh [rounds, default 5]
# environment:
#   LLAMA_BUILD_DIR  folder with bin/llama-bench of an existing build; without it llama.cpp is built from the source
#                    inside the PyPI sdist llama-cpp-python 0.3.36 in POAI_CACHE_DIR
#   POAI_CACHE_DIR   default: ~/.cache/poai
#   POAI_MODEL       default: models/SmolLM2-135M-Instruct.Q4_1.gguf
#   THREADS          default: 2
#   LLAMA_NATIVE     1 builds llama.cpp for this very CPU instead of for AVX2
set -euo pipefail
# shellcheck source=../scripts/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../scripts/lib.sh"
cd -- "$repo_root"

rounds=${1:-5} threads=${THREADS:-2}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || die "rounds must be a positive number, got '$rounds'"
cache=${POAI_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/poai}
version=0.3.36
variant=build
[[ ${LLAMA_NATIVE:-0} == 0 ]] || variant=build-native

# Builds llama-bench with the flags of Benchmarks/README.md.
build_llama() {
    install_packages cmake ninja-build g++ python3 python3-pip
    local work=$cache/llama-cpp-python-$version
    mkdir -p "$work"
    if [[ ! -d $work/source ]]; then
        say "Fetching the source of llama.cpp (77 MB)"
        python3 -m pip download --quiet --no-deps --no-binary :all: --dest "$work" "llama-cpp-python==$version"
        mkdir -p "$work/unpacked"
        tar -xzf "$work"/llama_cpp_python-"$version".tar.gz -C "$work/unpacked" --strip-components=1
        mv "$work/unpacked" "$work/source"
    fi
    say "Building llama.cpp (about 5 minutes on 2 cores)"
    local flags=(-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DGGML_OPENMP=OFF -DLLAMA_BUILD_TESTS=OFF
        -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_TOOLS=ON -DLLAMA_CURL=OFF)
    if [[ $variant == build ]] && grep -qw avx2 /proc/cpuinfo 2>/dev/null; then
        flags+=(-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON)
    fi
    cmake -G Ninja -S "$work/source/vendor/llama.cpp" -B "$work/$variant" "${flags[@]}" >"$work/cmake.log"
    cmake --build "$work/$variant" --target llama-bench >"$work/build.log" ||
        die "llama.cpp did not build, see $work/build.log"
    llama=$work/$variant
}

require_swift
install_build_packages
build_poaid
[[ -n ${POAI_MODEL:-} ]] || fetch_model
model=${POAI_MODEL:-models/$model_name}

llama=${LLAMA_BUILD_DIR:-$cache/llama-cpp-python-$version/$variant}
[[ -x $llama/bin/llama-bench ]] || {
    [[ -z ${LLAMA_BUILD_DIR:-} ]] || die "LLAMA_BUILD_DIR=$llama holds no bin/llama-bench"
    build_llama
}

# One line of JSON each; 64-token prompts as one batch, no flash attention, no generation.
measure_llama() {
    LD_LIBRARY_PATH=$llama/bin "$llama/bin/llama-bench" -m "$model" -p 64 -n 0 -b 64 -ub 64 -t "$threads" -fa off -r 20 \
        -o jsonl 2>/dev/null
}
measure_poaid() { .build/release/poaid bench --model-path "$model" --threads "$threads" --seconds 10 --json; }

results=$(mktemp)
trap 'rm -f "$results"' EXIT
for ((round = 1; round <= rounds; round++)); do
    say "Round $round of $rounds"
    printf 'llama %s\npoaid %s\n' "$(measure_llama)" "$(measure_poaid | tr -d '\n')" >>"$results"
done

python3 - "$results" "$threads" <<'PY'
import json
import statistics
import sys

speeds = {"llama": [], "poaid": []}
for line in open(sys.argv[1], encoding="utf-8"):
    name, text = line.split(" ", 1)
    record = json.loads(text)
    # The median of llama-bench's own repetitions is kinder to it than its mean where a repetition was disturbed.
    speeds[name].append(statistics.median(record["samples_ts"]) if name == "llama" else record["tokensPerSecond"])
for name, values in speeds.items():
    print(f"{name}: median {statistics.median(values):.1f} tokens/s of", " ".join(f"{value:.1f}" for value in values))
ratio = statistics.median(speeds["poaid"]) / statistics.median(speeds["llama"])
print(f"{sys.argv[2]} threads, 64-token sequences: poaid is {ratio:.2f} times as fast as llama.cpp")
PY
