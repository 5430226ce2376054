"""Parts of test_web3.py: restarts, mining from outside, --dev-accounts."""

import json

from eth_account import Account
from eth_utils import keccak

from poaid_process import MINER, MODEL, call
from rpc_node import RICH, SUBSIDY, Node
from web3_poai import be64, unhex
from web3_session import dev_account


def work_from_outside(s):
    """A miner that is no part of the node: `poaid quiz --seed` runs the model for it."""
    s.checks.group("mining from outside")
    height, found = s.node.height(), None
    seal_hash, epoch_key, target, number = s.node.rpc("eth_getWork")
    s.check(
        "work for the next block",
        int(number, 16) == height + 1
        and [len(unhex(part)) for part in (seal_hash, epoch_key, target)] == [32, 32, 32]
        and int(target, 16) == 0x7FFFFF << 232,
        (seal_hash, epoch_key, target, number),
    )
    s.checks.raises(
        "a short nonce", "-32602", lambda: s.node.rpc("eth_submitWork", "0x01", seal_hash, seal_hash, "0x1")
    )
    s.check(
        "work nobody asked for",
        s.node.rpc("eth_submitWork", "0x" + "00" * 8, "0x" + "11" * 32, seal_hash, "0x1") is False,
    )
    before = s.eth.get_balance(bytes.fromhex(MINER))
    for nonce in range(40):
        seed = keccak(unhex(epoch_key) + unhex(seal_hash) + be64(int(number, 16)) + be64(nonce))
        tried = json.loads(call("quiz", "--seed", seed.hex(), "--model-path", MODEL, "--json").stdout)
        wins = int(tried["lhat"], 16) < int(target, 16)
        find = ["0x" + be64(nonce).hex(), seal_hash, tried["digest"]]
        if not wins:
            s.check("a try that does not win", s.node.rpc("eth_submitWork", *find, hex(tried["loss"])) is False)
            continue
        lies = [[*find, hex(tried["loss"] + 1)], [*find[:2], "0x" + "22" * 32, hex(tried["loss"])]]
        s.check(
            "a lie about the answer",
            not any(s.node.rpc("eth_submitWork", *lie) for lie in lies) and s.node.height() == height,
        )
        found = s.node.rpc("eth_submitWork", *find, hex(tried["loss"]))
        break
    s.check("a try that wins is the new head", found is True and s.node.height() == height + 1, found)
    tips = sum(
        receipt.gasUsed * (receipt.effectiveGasPrice - s.eth.get_block(height + 1).baseFeePerGas)
        for receipt in s.eth.get_block_receipts(height + 1)
    )
    s.check(
        "whoever the node names is paid",
        s.eth.get_balance(bytes.fromhex(MINER)) == before + SUBSIDY + tips and tips > 0,
    )
    s.check("the same again", s.node.rpc("eth_submitWork", *find, hex(tried["loss"])) is False)


def before_restart(s):
    """What must be there after a restart: receipts of transactions, and one that waits for the nonce before it."""
    s.checks.group("restart")
    sender = s.accounts[3]
    kept = {
        r.transactionHash.to_0x_hex(): r
        for r in (
            s.do(sender, to=s.accounts[0].address, value=1, gas=21_000),
            s.call_contract(sender, s.journal.functions.note(5, "kept")),
        )
    }
    nonce = s.eth.get_transaction_count(sender.address)
    gapped = s.transaction(sender, to=Account.create().address, value=7, gas=21_000, nonce=nonce + 1)
    s.eth.send_raw_transaction(gapped.raw_transaction)
    head = s.eth.get_block(s.node.height() - 1)
    s.check("SIGTERM ends the node in order", s.node.stop() == 0, s.node.log())
    return kept, gapped, head


def after_restart(s, kept, gapped, head):
    """On a node that does not mine, so that nothing changes meanwhile."""
    s.check("the chain is there", s.eth.get_block(head.number) == head)
    for name, receipt in kept.items():
        s.check("a receipt is there", s.eth.get_transaction_receipt(name) == receipt)
    s.check("logs are there", len(s.eth.get_logs({"blockHash": list(kept.values())[1].blockHash})) == 1)
    queued = s.node.rpc("txpool_contentFrom", s.accounts[3].address)["queued"]
    s.check(
        "what was queued is queued still",
        [entry["hash"] for entry in queued.values()] == [gapped.hash.to_0x_hex()],
        queued,
    )
    s.check("not mining", s.node.rpc("eth_mining") is False and s.node.rpc("eth_hashrate") == "0x0")
    fill = s.send(s.accounts[3], to=s.accounts[0].address, value=1, gas=21_000)
    s.check(
        "with the gap filled both are pending",
        s.node.rpc("txpool_status") == {"pending": "0x2", "queued": "0x0"}
        and s.eth.get_transaction_count(s.accounts[3].address, "pending")
        == s.eth.get_transaction_count(s.accounts[3].address) + 2,
    )
    return fill


def dev_accounts(checks, folder):
    """`--dev-accounts` makes as many rich as it says."""
    checks.group("--dev-accounts")
    with Node(folder / "dev", None, "--network", "devnet", "--dev-accounts", 3, "--no-mine") as node:
        found = [int(node.rpc("eth_getBalance", dev_account(i).address, "latest"), 16) for i in range(4)]
        checks.check("three are rich", found == [RICH] * 3 + [0], found)
        checks.check("work needs no miner of the node's own", len(node.rpc("eth_getWork")) == 4)
        checks.check("it ends", node.stop() == 0)
