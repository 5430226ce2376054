#!/usr/bin/env bash
# Fuzzes the GGUF reader and the tokenizer with libFuzzer, guided by coverage.
#
#   scripts/fuzz_gguf.sh [seconds]      default 60
#
# Inputs that make it trap are kept in Tests/Fixtures/PoAIModel/regressions, where the tests run them ever after.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
regressions=Tests/Fixtures/PoAIModel/regressions
work=.build/fuzz-gguf
mkdir -p "$work/corpus"

echo "building the fuzz target"
if ! swiftc -O -swift-version 6 -parse-as-library -package-name poai -sanitize=fuzzer,address \
    -module-name PoAIModelFuzz -o "$work/target" \
    $(find Sources/PoAIModel -name '*.swift') Fuzz/GGUF*.swift >"$work/build.log" 2>&1; then
    cat "$work/build.log" >&2
    exit 1
fi

echo "fuzzing for $seconds s; findings go to $regressions"
"$work/target" -max_total_time="$seconds" -max_len=8192 -timeout=10 -verbosity=0 -print_final_stats=1 \
    -artifact_prefix="$regressions/" "$work/corpus" "$regressions"
