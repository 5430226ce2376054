#!/usr/bin/env bash
# Checks the import direction of the package; first proves on made-up packages that the check can fail.
# The rules and the order are in check_imports.py.
set -euo pipefail
folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
python3 "$folder/check_imports.py" --self-test
swift package --package-path "$folder/.." dump-package </dev/null |
    python3 "$folder/check_imports.py" --sources "$folder/../Sources" --tests "$folder/../Tests"
