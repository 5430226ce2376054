#!/usr/bin/env bash
# From a checkout to a mining node in one command; see usage below. Run it from any folder.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'TEXT'
usage: scripts/start_mining.sh [poaid run options]

Installs the system packages, builds poaid, fetches the default model, makes keys when there are none, and mines the
devnet. What is already there is left alone, so the second start is quick. The options go to `poaid run`; these
replace the script's own:
  --data-dir DIR         where the chain is kept            (default: data)
  --model-path FILE      model to use; nothing is fetched   (default: models/SmolLM2-135M-Instruct.Q4_1.gguf)
  --miner-address HEX    who is paid; no keys are made      (default: keys/poai_address.txt)
  --network NAME         chain to mine                      (default: devnet)
Useful others: --stop-at-height N, --target N, --log-format json. All of them: .build/release/poaid run --help
TEXT
}

for argument in "$@"; do
    case $argument in
        -h | --help)
            usage
            exit 0
            ;;
    esac
done

require_swift
install_build_packages
build_poaid

prefix=$(root_prefix)
poaid=${prefix}.build/release/poaid
defaults=()

has_flag --data-dir "$@" || defaults+=(--data-dir "${prefix}data")

if ! has_flag --model-path "$@"; then
    fetch_model
    defaults+=(--model-path "${prefix}models/$model_name")
fi

if ! has_flag --miner-address "$@"; then
    address_file=${prefix}keys/poai_address.txt
    if [[ ! -e $address_file ]]; then
        say "Making a key pair in ${prefix}keys (keep poai_private_key.txt safe: it owns the rewards)"
        "$poaid" generate-key --save --output-dir "${prefix}keys"
    fi
    address=$(tr -d '[:space:]' <"$address_file")
    [[ -n $address ]] ||
        die "$address_file is empty: restore it, or move the keys folder away and start again to make new keys"
    defaults+=(--miner-address "$address")
fi

has_flag --network "$@" || defaults+=(--network devnet)

say "Mining: $poaid run ${defaults[*]}${*:+ $*}"
exec "$poaid" run "${defaults[@]}" "$@"
