#!/usr/bin/env bash
# Installs what the tests need, builds once, runs every check and prints a summary; exits non-zero if one failed.
# --full also runs the long forms (more random crashes, longer fuzzing).
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd -- "$repo_root"

full=0 full_flag=
for argument in "$@"; do
    case $argument in
        --full) full=1 full_flag=--full ;;
        -h | --help)
            echo "usage: scripts/test.sh [--full]"
            exit 0
            ;;
        *) die "unknown argument '$argument'; usage: scripts/test.sh [--full]" ;;
    esac
done

names=() results=() passed=0 failed=0

# step NAME COMMAND...: runs the command, notes how it ended, and goes on. Returns the command's own result.
step() {
    local name=$1 code=0 started=$SECONDS
    shift
    printf '\n==> %s\n' "$name"
    "$@" </dev/null || code=$?
    if ((code == 0)); then
        passed=$((passed + 1)) results+=("ok      $((SECONDS - started)) s")
    else
        failed=$((failed + 1)) results+=("FAILED  $((SECONDS - started)) s (exit code $code)")
    fi
    names+=("$name")
    return "$code"
}

summary() {
    local i
    printf '\n==> Summary\n'
    for i in "${!names[@]}"; do printf '%-42s %s\n' "${names[i]}" "${results[i]}"; done
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    ((failed == 0))
}

check_shell() {
    shellcheck -x scripts/*.sh scripts/tests/*.sh Benchmarks/*.sh Experiments/*.sh .ci/run && scripts/tests/test_start_mining.sh
}

lint_format() { swift format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks Fuzz Tools; }

# Release, without testable imports: the same objects as `swift build -c release --product poaid` makes, so that nothing
# is compiled twice. A plain `swift test -c release` would turn testability on and compile every module again.
build_all() { swift build -c release --build-tests; }

# POAI_MODEL names another file to test with; the default one is fetched.
get_model() { [[ -n ${POAI_MODEL:-} ]] || fetch_model; }

# As in the README, easier at first so that it takes a minute.
run_testnet() {
    local folder
    folder=$(mktemp -d)
    scripts/testnet.sh 4 --stop-at-height 30 --target 300 --data-dir "$folder/nodes" && rm -rf "$folder"
}

# run_tests --filter|--skip PATTERN: a few tests at a time, so that none waits long for a processor.
run_tests() {
    swift test -c release --skip-build --disable-xctest --experimental-maximum-parallelization-width 4 "$@"
}

# The tests of the network wait for answers within seconds; they run apart from those that compute for minutes on every
# thread there is.
unit_tests() {
    local code=0 network='LibP2PTests|PoAINetworkTests'
    run_tests --skip "$network" || code=$?
    run_tests --filter "$network" || code=$?
    return "$code"
}

require_swift
install_build_packages
# py-libp2p, of the interop test, comes with a part in C.
install_packages python3 python3-venv python3-dev gcc libc6-dev iproute2 shellcheck

step "Shell scripts" check_shell || true
step "Import direction" scripts/check_imports.sh || true
step "Source format" lint_format || true
if step "Build" build_all && step "Default model" get_model; then
    export POAI_MODEL=${POAI_MODEL:-$repo_root/models/$model_name}
    export POAI_VECTORS=${POAI_VECTORS:-$repo_root/../shared/vectors}
    export POAI_FULL=$full
    step "Unit tests" unit_tests || true
    step "Fuzzing" scripts/fuzz.sh --seconds "$((full ? 300 : 20))" || true
    step "Self-test on every kernel" .build/release/poaid selftest --model-path "$POAI_MODEL" --json || true
    step "Experiments repeat" Experiments/run.sh --check ${full_flag:+"$full_flag"} || true
    step "Debug and release builds agree" scripts/check_debug_equals_release.sh || true
    step "Command line" python3 scripts/tests/test_cli.py || true
    step "Ethereum tools" python3 scripts/tests/test_web3.py || true
    step "Network of nodes" python3 scripts/tests/test_network.py || true
    step "Loss and delay" python3 scripts/tests/test_netem.py || true
    step "Testnet of four" run_testnet || true
    step "libp2p interop" python3 scripts/tests/test_interop.py || true
    step "RPC under abuse" python3 scripts/tests/test_rpc_abuse.py || true
    step "Bad input" python3 scripts/tests/test_faults.py || true
    step "Kill at random moments" python3 scripts/tests/test_crash.py --kills "$((full ? 200 : 50))" || true
fi
summary
