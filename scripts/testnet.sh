#!/usr/bin/env bash
# Several nodes on this machine that find each other and compete; see usage below.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'TEXT'
usage: scripts/testnet.sh N [--stop-at-height H] [--data-dir DIR] [--target T] [--no-mine-from K]

Builds poaid, fetches the model, and starts N nodes (1 to 64) of a devnet on this machine, each with a data folder and a
key of its own. The first one knows nobody; the others are told its multiaddr, and find each other. A table shows
heights, heads and peers until Ctrl-C, which stops all nodes in order.
  --stop-at-height H   at this height mining rests; when all nodes have one head they are stopped, every chain is
                       verified from its bytes, and the rewards are shown. The exit code is 0 if all is well
  --data-dir DIR       folder of the nodes' data and logs; must be new   (default: a folder of its own in testnet/)
  --target T           how many of 1000 tries win at first               (default: 25)
  --no-mine-from K     nodes from the K-th on do not mine                (default: all mine)
TEXT
}

case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
    '') die "how many nodes? usage: scripts/testnet.sh N [--stop-at-height H]; --help explains" ;;
esac

require_swift
install_build_packages
install_packages python3
build_poaid
[[ -n ${POAI_MODEL:-} ]] || fetch_model
exec python3 "$repo_root/scripts/testnet.py" "$@"
