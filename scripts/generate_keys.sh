#!/usr/bin/env bash
# Makes a key pair in keys/ of the checkout: poai_private_key.txt (mode 0600), poai_address.txt and a miner
# configuration. Never overwrites. Options go to `poaid generate-key`; --output-dir chooses another folder.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

require_swift
install_build_packages
build_poaid

prefix=$(root_prefix)
options=(--save)
has_flag --output-dir "$@" || options+=(--output-dir "${prefix}keys")
exec "${prefix}.build/release/poaid" generate-key "${options[@]}" "$@"
