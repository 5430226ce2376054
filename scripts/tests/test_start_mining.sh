#!/usr/bin/env bash
# Runs start_mining.sh and generate_keys.sh in a made-up checkout where `swift` and `poaid` only note how they were
# called: which steps run, which are skipped, which flags win, and what a missing toolchain says.
set -euo pipefail
scripts=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root="$work/a checkout"
mkdir -p "$root/scripts" "$root/Sources" "$work/bin"
cp "$scripts"/*.sh "$root/scripts/"
touch "$root/Package.swift"

cat >"$work/bin/swift" <<'STUB'
#!/usr/bin/env bash
if [[ $1 == --version ]]; then echo "Swift version ${STUB_SWIFT:-6.3.1} (stub)"; exit; fi
[[ $1 == build && $2 == --package-path ]] || { echo "unexpected: swift $*" >&2; exit 64; }
echo "swift build" >>"$STUB_LOG"
mkdir -p "$3/.build/release"
cat >"$3/.build/release/poaid" <<'POAID'
#!/usr/bin/env bash
printf '%s|' "$@" >>"$STUB_LOG"; echo >>"$STUB_LOG"
case $1 in
    model) mkdir -p models; echo weights >models/SmolLM2-135M-Instruct.Q4_1.gguf ;;
    generate-key) mkdir -p "$4"; echo 00112233445566778899aabbccddeeff00112233 >"$4/poai_address.txt" ;;
esac
POAID
chmod +x "$3/.build/release/poaid"
STUB
cat >"$work/bin/dpkg-query" <<'STUB'
#!/usr/bin/env bash
if [[ -n ${STUB_MISSING:-} && $* == *"$STUB_MISSING"* ]]; then exit 1; fi
echo installed
STUB
cat >"$work/bin/apt-get" <<'STUB'
#!/usr/bin/env bash
echo "apt-get $* ($DEBIAN_FRONTEND)" >>"$STUB_LOG"
if [[ -n ${STUB_NO_LISTS:-} && $1 == install && $(grep -c update "$STUB_LOG") == 0 ]]; then exit 100; fi
exit "${STUB_APT_RESULT:-0}"
STUB
printf '#!/usr/bin/env bash\nexec "$@"\n' >"$work/bin/sudo"
chmod +x "$work/bin"/*
export STUB_LOG=$work/log PATH=$work/bin:$PATH
address=00112233445566778899aabbccddeeff00112233

# expect NAME: standard input is what the log must hold, line by line; the log is emptied.
expect() {
    diff -u - "$STUB_LOG" || { echo "start_mining test: $1: the calls differ (- expected, + made)" >&2; exit 1; }
    : >"$STUB_LOG"
}
# refused NAME WORDS COMMAND...: the command must fail and its error must hold the words.
refused() {
    local name=$1 words=$2 text
    shift 2
    if text=$("$@" 2>&1); then echo "start_mining test: $name was not refused" >&2; exit 1; fi
    [[ $text == *"$words"* ]] || { echo "start_mining test: $name: '$words' is missing in: $text" >&2; exit 1; }
}

cd "$root"
./scripts/start_mining.sh --stop-at-height 20 2>/dev/null
expect "first start" <<TEXT
swift build
model|fetch|
generate-key|--save|--output-dir|keys|
run|--data-dir|data|--model-path|models/SmolLM2-135M-Instruct.Q4_1.gguf|--miner-address|$address|--network|devnet|--stop-at-height|20|
TEXT

./scripts/start_mining.sh 2>/dev/null
expect "second start does nothing twice" <<TEXT
run|--data-dir|data|--model-path|models/SmolLM2-135M-Instruct.Q4_1.gguf|--miner-address|$address|--network|devnet|
TEXT

./scripts/start_mining.sh --data-dir "other place" --miner-address=ab --model-path m --network testnet 2>/dev/null
expect "flags of the user win" <<TEXT
run|--data-dir|other place|--miner-address=ab|--model-path|m|--network|testnet|
TEXT

cd "$work"
sleep 0.01
touch "$root/Sources/changed.swift"
"$root/scripts/start_mining.sh" 2>/dev/null
expect "from another folder, after a change" <<TEXT
swift build
run|--data-dir|$root/data|--model-path|$root/models/SmolLM2-135M-Instruct.Q4_1.gguf|--miner-address|$address|--network|devnet|
TEXT

"$root/scripts/generate_keys.sh" --json 2>/dev/null
"$root/scripts/generate_keys.sh" --output-dir elsewhere 2>/dev/null
expect "generate_keys" <<TEXT
generate-key|--save|--output-dir|$root/keys|--json|
generate-key|--save|--output-dir|elsewhere|
TEXT

install="apt-get install -y -q --no-install-recommends liblmdb-dev (noninteractive)"
STUB_MISSING=liblmdb-dev STUB_NO_LISTS=1 "$root/scripts/generate_keys.sh" 2>/dev/null
expect "a missing package without package lists" <<TEXT
$install
apt-get update -q (noninteractive)
$install
generate-key|--save|--output-dir|$root/keys|
TEXT
STUB_MISSING=liblmdb-dev STUB_APT_RESULT=100 \
    refused "a package that cannot be had" "could not install: liblmdb-dev" "$root/scripts/start_mining.sh"

: >"$root/keys/poai_address.txt"
refused "an empty address file" "poai_address.txt is empty" "$root/scripts/start_mining.sh"
STUB_SWIFT=5.10 refused "an old toolchain" "Swift 5.10 is too old" "$root/scripts/start_mining.sh"
rm "$work/bin/swift"
mkdir "$work/only"
for tool in bash dirname cat; do ln -s "$(command -v "$tool")" "$work/only/$tool"; done
PATH=$work/only refused "no toolchain" "swift was not found" "$root/scripts/start_mining.sh"
echo "start_mining test: passed"
