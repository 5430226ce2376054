#!/usr/bin/env bash
# Checks that compiling changes no bit. First the C kernels alone: built with every optimization level and with the
# compiler's memory and undefined-behaviour checks, each kernel must give the same checksum over fixed inputs, and a build that
# fuses multiply and add must not. Then poaid without optimization against the release build: `bench` runs a fixed set of
# quizzes and prints a checksum over all of their digests. --kernels-only stops after the first part.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd -- "$repo_root"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The C compiler of the Swift toolchain, which builds the package.
find_clang() {
    swiftc -print-target-info | python3 -c 'import json, os, sys
path = json.load(sys.stdin)["paths"]["runtimeResourcePath"]
print(os.path.normpath(os.path.join(path, "../../bin/clang")))'
}
clang=$(find_clang)
[[ -x $clang ]] || die "there is no clang at $clang, beside the Swift compiler; install a complete Swift toolchain"

# kernel_checksums OPTIONS...: the lines "checksum kernel" of the kernels built so.
kernel_checksums() {
    "$clang" "$@" -fuse-ld=lld -ISources/CKernels/include Sources/CKernels/*.c scripts/tests/kernel_checksum.c \
        -lm -o "$work/checksum" || die "the kernels do not build with: $*"
    "$work/checksum" || die "the kernels failed when built with: $*"
}

# The package's own options (Package.swift, exactC).
exact=(-ffp-contract=off -fno-fast-math -Wall -Wextra -Werror)
expected=
for options in "-O0" "-O1" "-O2" "-O3" "-O3 -march=native" \
    "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"; do
    read -ra flags <<<"$options"
    checksums=$(kernel_checksums "${flags[@]}" "${exact[@]}")
    while read -r checksum kernel; do
        expected=${expected:-$checksum}
        [[ $checksum == "$expected" ]] ||
            die "kernel $kernel built with $options has checksum $checksum, expected $expected"
    done <<<"$checksums"
    printf 'kernels with %-70s %s\n' "$options" "$expected"
done
if [[ $(uname -m) == x86_64 ]] && grep -qw fma /proc/cpuinfo; then
    fused=$(kernel_checksums -O2 -march=native -ffp-contract=fast)
    [[ $fused != *"$expected"* ]] || die "fused multiply-add went unnoticed: the checksum does not cover the kernels"
fi

if [[ ${1:-} == --kernels-only ]]; then exit 0; fi

model=${POAI_MODEL:-models/$model_name}
[[ -s $model ]] || die "there is no model at $model: run '.build/release/poaid model fetch' or set POAI_MODEL"

# bench_checksum BINARY THREADS: the checksum that `bench` prints, 64 hex digits.
bench_checksum() {
    "$1" bench --model-path "$model" --threads "$2" --seconds 1 --json </dev/null |
        python3 -c 'import json, re, sys
value = json.load(sys.stdin)["checksum"]
if not re.fullmatch(r"(0x)?[0-9a-f]{64}", value):
    sys.exit(f"error: bench printed the checksum {value!r}, expected 64 hex digits")
print(value)'
}

swift build -c debug --product poaid </dev/null
release=$(bench_checksum .build/release/poaid 1)
debug=$(bench_checksum .build/debug/poaid 2)
printf 'poaid release, 1 thread:  %s\npoaid debug, 2 threads:   %s\n' "$release" "$debug"
[[ $release == "$debug" ]] || die "the debug build computed other bits than the release build"
