#!/usr/bin/env bash
# Calls eth_getBalance of a mining node with wrk and prints one line of JSON: calls per second, and the time within which
# half and 99 % of them are answered. Fails when an answer is an error.
#
# usage: Benchmarks/rpc_load.sh [--seconds 10] [--connections 16] [--soak [SECONDS]]
#   --soak  calls for so long (default 600), looks at the node's memory every few seconds, and fails when it grows more
#           than MAX_GROWTH between the first fifth and the end
# environment:
#   MAX_GROWTH  MiB, default 64
#   POAI_MODEL  default: models/SmolLM2-135M-Instruct.Q4_1.gguf
#   POAID       a program to measure instead of building .build/release/poaid
set -euo pipefail
# shellcheck source=../scripts/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../scripts/lib.sh"
cd -- "$repo_root"

seconds=10 connections=16 soak=0
while (($# > 0)); do
    case $1 in
        --seconds | --connections)
            (($# > 1)) || die "$1 needs a number"
            if [[ $1 == --seconds ]]; then seconds=$2; else connections=$2; fi
            shift
            ;;
        --soak)
            soak=1 seconds=600
            if [[ ${2:-} =~ ^[0-9]+$ ]]; then
                seconds=$2
                shift
            fi
            ;;
        *) die "unknown argument '$1'; see the head of $0" ;;
    esac
    shift
done
max_growth=${MAX_GROWTH:-64}
for value in "$seconds" "$connections" "$max_growth"; do
    [[ $value =~ ^[1-9][0-9]*$ ]] || die "'$value' is not a positive number"
done

install_packages wrk python3
if [[ -z ${POAID:-} ]]; then
    require_swift
    install_build_packages
    build_poaid
    POAID=.build/release/poaid
fi
[[ -n ${POAI_MODEL:-} ]] || fetch_model
model=${POAI_MODEL:-models/$model_name}

work=$(mktemp -d)
node=
cleanup() {
    [[ -z $node ]] || kill "$node" 2>/dev/null || true
    [[ -z $node ]] || wait "$node" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

"$POAID" run --network devnet --dev-accounts 1 --data-dir "$work/data" --model-path "$model" --rpc-port 0 \
    --miner-address 00112233445566778899aabbccddeeff00112233 >"$work/log" 2>&1 </dev/null &
node=$!
url=
for _ in $(seq 600); do
    kill -0 "$node" 2>/dev/null || die "the node ended: $(tail -n 3 "$work/log")"
    url=$(sed -n 's/.*rpc ready: *\(http[^ ]*\).*/\1/p' "$work/log" | head -n 1)
    [[ -z $url ]] || break
    sleep 0.1
done
[[ -n $url ]] || die "the node opened no port in a minute: $(tail -n 3 "$work/log")"

# Development account 0. wrk counts answers with a status other than 200; the bodies are looked at here.
cat >"$work/call.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0xB3f3A0Df89569dDcE790925Ec0DA7317D880D7c3","latest"]}'
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() wrongs = 0 end
function response(_, _, body) if not body:find('"result":"0x21e19e0c9bab2400000"', 1, true) then wrongs = wrongs + 1 end end
function done(summary, latency)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("wrongs") end
  print(string.format('"requests": %d, "perSecond": %.0f, "p50Milliseconds": %.2f, "p99Milliseconds": %.2f, "wrong": %d',
    summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, wrong))
end
LUA

memory() { awk '/^VmRSS:/ { print int($2 / 1024) }' "/proc/$node/status"; }
height() {
    python3 - "$url" <<'PYTHON'
import json, sys, urllib.request
body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}).encode()
request = urllib.request.Request(sys.argv[1], body, {"Content-Type": "application/json"})
print(int(json.load(urllib.request.urlopen(request, timeout=60))["result"], 16))
PYTHON
}

sample() {
    while sleep "$(((seconds + 99) / 100))"; do memory >>"$work/memory" || break; done
}

before=$(height)
sample &
sampler=$!
wrk -t 2 -c "$connections" -d "${seconds}s" --timeout 30s -s "$work/call.lua" "$url" >"$work/wrk" ||
    die "wrk failed: $(tail -n 3 "$work/wrk")"
kill "$sampler" 2>/dev/null || true
blocks=$(($(height) - before))
figures=$(grep '^"requests"' "$work/wrk") || die "wrk said: $(tail -n 3 "$work/wrk")"
memory >>"$work/memory"
early=$(awk -v n="$(wc -l <"$work/memory")" 'NR <= n / 5 + 1 && $1 > most { most = $1 } END { print most }' "$work/memory")
late=$(tail -n 1 "$work/memory")
printf '{"seconds": %d, "connections": %d, %s, "blocksMined": %d, "memoryMiB": %d, "memoryGrowthMiB": %d}\n' \
    "$seconds" "$connections" "$figures" "$blocks" "$late" "$((late - early))"
[[ $figures == *'"wrong": 0' ]] || die "answers were wrong or missing"
if ((soak)); then
    ((late - early <= max_growth)) || die "memory grew by $((late - early)) MiB, at most $max_growth MiB may be"
    ((blocks > 0)) || die "no block was mined meanwhile"
fi
