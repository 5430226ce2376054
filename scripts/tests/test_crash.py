#!/usr/bin/env python3
"""Kills a mining node with SIGKILL at random moments, again and again on one chain. After each kill the chain must open
and verify, with every block that was announced before. Prints the seed of its random moments; --seed repeats a run."""
import argparse
import pathlib
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time

from poaid_process import POAID, announced_height, crash_of, mining, need_program, verify

LONGEST_RUN = 4.0  # seconds; start-up takes up to 2 s, so that some kills hit it and most hit mining
LONGEST_WAIT = 60.0  # seconds until a block must have been announced, also on a busy machine


def run_and_kill(data, moments):
    """Mines until a random moment, kills, and returns the highest announced block (0: none in this run)."""
    process = subprocess.Popen(
        [POAID, *mining(data)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True)
    reader.start()
    # Half of the kills follow an announcement closely, where a block is being stored or has just been.
    near_block, log = moments.random() < 0.5, []
    deadline = time.monotonic() + (LONGEST_WAIT if near_block else moments.uniform(0, LONGEST_RUN))
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except queue.Empty:
            break
        log.append(line)
        if announced_height(line) is not None and near_block:
            time.sleep(moments.uniform(0, 0.3))
            break
    ended = process.poll()
    process.kill()
    process.wait()
    reader.join()
    while not lines.empty():
        log.append(lines.get())
    if ended is not None:
        sys.exit(f"error: the node stopped by itself with exit code {ended}:\n{''.join(log[-20:])}")
    return max([0, *filter(None, map(announced_height, log))])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    need_program()
    print(f"crash test: {options.kills} kills, seed {options.seed}")
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        data, highest = pathlib.Path(folder, "data"), 0
        for kill in range(1, options.kills + 1):
            highest = max(highest, run_and_kill(data, moments))
            if not data.exists():
                continue  # killed before anything was written
            # Old blocks were checked after earlier kills: check the newest each time, all now and then.
            everything = kill % 10 == 0 or kill == options.kills
            process, result = verify(data, *([] if everything or highest < 4 else ["--from", highest - 3]))
            fault = crash_of(process)
            if highest == 0 and fault is None and process.returncode != 0:
                continue  # nothing announced yet: a data folder without a chain may be refused, but not by a crash
            if fault or process.returncode != 0 or not result or result.get("ok") is not True:
                sys.exit(f"error: kill {kill}: verify failed ({fault or process.returncode}):\n"
                         f"{process.stdout}{process.stderr}")
            # `blocks` counts what was checked; `height` says how far the chain goes.
            if result["height"] < highest:
                sys.exit(f"error: kill {kill}: block {highest} was announced, but the chain ends at {result['height']}")
    if highest == 0:
        sys.exit("error: no block was announced in any run, so nothing was tested")
    print(f"crash test: passed, {options.kills} kills, {highest} blocks")


if __name__ == "__main__":
    main()
