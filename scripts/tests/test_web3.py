#!/usr/bin/env python3
"""Drives a real mining node with web3.py, Vyper and a WebSocket, restarts it, mines from outside of it, and holds what
it answered against the schemas of execution-apis, if the public vectors are there (POAI_VECTORS, default
../shared/vectors). Installs its Python packages into ~/.cache/poai (POAI_CACHE_DIR)."""

import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import traceback

from poaid_process import ROOT, need_program
from rpc_node import Node, Progress, enter_environment, write_spec

VECTORS = pathlib.Path(os.environ.get("POAI_VECTORS") or ROOT / "../shared/vectors")


def schemas_folder(folder):
    """The folder `src` of execution-apis, or None where the vectors are not."""
    unpacked, archive = VECTORS / "execution-apis/src", VECTORS / "ethereum.tar.xz"
    if unpacked.is_dir() or not archive.exists():
        return unpacked if unpacked.is_dir() else None
    with tarfile.open(archive) as tar:
        wanted = [entry for entry in tar if entry.isfile() and "execution-apis/src/" in entry.name]
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        tar.extractall(folder, wanted, **safely)
    return folder / "execution-apis/src"


def schemas(checks, folder):
    """Validates every answer by its schema; an answer that was spoiled must be noticed."""
    checks.group("schemas")
    source = schemas_folder(folder)
    if source is None:
        print(f"skipped: schemas of execution-apis, there is no {VECTORS}/ethereum.tar.xz")
        return

    def validate(exchanges):
        path = folder / "exchanges.jsonl"
        path.write_text("\n".join(map(json.dumps, exchanges)), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-B", pathlib.Path(__file__).parent / "check_rpc_schemas.py", source, path],
            capture_output=True,
            text=True,
            check=False,
        )

    process = validate(Node.exchanges)
    methods = {exchange["method"] for exchange in Node.exchanges}
    checks.check(
        f"{len(Node.exchanges)} answers of {len(methods)} methods",
        process.returncode == 0 and len(methods) > 50,
        process.stdout + process.stderr,
    )
    print(process.stdout.splitlines()[0] if process.stdout else process.stderr)
    block = next(e for e in Node.exchanges if e["method"] == "eth_getBlockByNumber" and e["result"])
    spoiled = {**block, "result": {**block["result"], "gasUsed": 21_000}}
    checks.check("a spoiled answer", validate([spoiled]).returncode == 1)


def session_parts(folder):
    """What is done with the mining node, in this order; later parts use contracts of earlier ones."""
    import web3_accounts as accounts
    import web3_calls as calls
    import web3_contracts as contracts
    import web3_pool as pool
    import web3_poai as poai

    return [
        accounts.identity,
        accounts.blocks,
        accounts.transfers,
        accounts.fees,
        contracts.coin,
        contracts.journal,
        contracts.subscriptions,
        calls.proofs,
        calls.traces,
        calls.gas,
        pool.gaps,
        pool.replacement,
        pool.refusals,
        poai.seals,
        lambda session: poai.command_line(session, folder),
    ]


def run(checks, folder):
    from web3_session import Session, dev_account
    import web3_restart as restart

    accounts = [dev_account(index) for index in range(6)]
    data = folder / "data"
    spec = write_spec(folder / "spec.json", [account.address for account in accounts])
    with Node(data, spec) as node:
        session = Session(node, checks, accounts)
        for part in session_parts(folder):
            attempt(checks, part, session)
        checks.check("the node runs", node.crash() is None, node.crash())
        before = restart.before_restart(session)
    with Node(data, spec, "--no-mine") as node:
        again = Session(node, checks, accounts)
        fill = restart.after_restart(again, *before)
        attempt(checks, restart.work_from_outside, again)
        checks.check(
            "the block has what waited",
            all(again.eth.get_transaction_receipt(name).status == 1 for name in (fill, before[1].hash)),
        )
        checks.check("the node still runs", node.crash() is None, node.crash())
    restart.dev_accounts(checks, folder)


def attempt(checks, part, session):
    """Runs a part; what it cannot cope with is one failed check."""
    try:
        part(session)
    except Exception:  # pylint: disable=broad-except
        checks.check("the part ends", False, traceback.format_exc())


def main():
    need_program()
    enter_environment()
    checks = Progress("Ethereum tools")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(checks, folder)
        schemas(checks, folder)
    checks.finish()


if __name__ == "__main__":
    main()
