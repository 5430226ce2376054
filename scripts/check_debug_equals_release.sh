#!/usr/bin/env bash
# Builds poaid without optimisation and checks that it computes the same bits as the release build: `bench` runs a fixed
# set of quizzes and prints a checksum over all of their digests.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd -- "$repo_root"

model=${POAI_MODEL:-models/$model_name}
[[ -s $model ]] || die "there is no model at $model: run '.build/release/poaid model fetch' or set POAI_MODEL"

# checksum BINARY THREADS: the checksum that `bench` prints, 64 hex digits.
checksum() {
    "$1" bench --model-path "$model" --threads "$2" --seconds 1 --json </dev/null |
        python3 -c 'import json, re, sys
value = json.load(sys.stdin)["checksum"]
if not re.fullmatch(r"(0x)?[0-9a-f]{64}", value):
    sys.exit(f"error: bench printed the checksum {value!r}, expected 64 hex digits")
print(value)'
}

swift build -c debug --product poaid </dev/null
release=$(checksum .build/release/poaid 2)
debug=$(checksum .build/debug/poaid 1)
printf 'release, 2 threads: %s\ndebug, 1 thread:    %s\n' "$release" "$debug"
[[ $release == "$debug" ]] || die "the debug build computed other bits than the release build"
