#!/usr/bin/env bash
# Runs the experiments that docs/threat_model.md quotes.
#   Experiments/run.sh           writes Experiments/results/*.txt
#   Experiments/run.sh --check   runs the quick ones and compares with the committed results
#   Experiments/run.sh --check --full   compares all (about 4 minutes)
# POAI_MODEL: default models/SmolLM2-135M-Instruct.Q4_1.gguf
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

check=0 full=0
for argument in "$@"; do
    case $argument in
        --check) check=1 ;;
        --full) full=1 ;;
        *)
            echo "usage: Experiments/run.sh [--check [--full]]" >&2
            exit 2
            ;;
    esac
done
model=${POAI_MODEL:-../models/SmolLM2-135M-Instruct.Q4_1.gguf}
[[ -s $model ]] || { echo "error: no model at $model; run '.build/release/poaid model fetch' or set POAI_MODEL" >&2; exit 1; }

differing=0
# experiment NAME ARGS...: runs NAME.py; its output belongs into results/NAME.txt.
experiment() {
    local name=$1
    shift
    if ((check)); then
        python3 -B "$name.py" "$@" | diff -u "results/$name.txt" - || {
            echo "error: $name.py prints something else than results/$name.txt" >&2
            differing=1
        }
    else
        echo "==> $name"
        python3 -B "$name.py" "$@" | tee "results/$name.txt"
    fi
}

experiment loss_guessing
experiment flood_cost
experiment selfish_mining
experiment rented_power
experiment time_warp
experiment cost_spread --model "$model"
if ((!check || full)); then
    experiment prefix_reuse --model "$model"
    experiment weight_rank "$model"
fi
((differing == 0)) && echo "experiments: done"
