"""Parts of test_web3.py: quizzes and seals, the command line."""

import hashlib
import json

import rlp
from eth_account import Account
from eth_utils import keccak

from poaid_process import MODEL, call
from rpc_node import CHAIN_ID, RICH


def be64(number):
    return number.to_bytes(8, "big")


def unhex(text):
    return bytes.fromhex(text.removeprefix("0x"))


def header_items(s, number):
    return rlp.decode(unhex(s.node.rpc("debug_getRawHeader", hex(number))))


def seals(s):
    """poai_* against what docs/spec/consensus.md says, computed here from the header's bytes."""
    s.checks.group("seals and quizzes")
    s.node.wait_for_block(22)
    for number in (1, 19, 20, 21):
        items = header_items(s, number)
        seal = s.node.rpc("poai_getSeal", hex(number))
        index = number // 20
        seed_block = index * 20 - 1 if index else 0
        epoch_key = keccak(s.eth.get_block(seed_block).hash + be64(index))
        seal_hash = keccak(rlp.encode(items[:13] + [items[15]]))
        quiz_seed = keccak(epoch_key + seal_hash + be64(number) + items[14])
        lhat = keccak(b"poai/lhat/1" + quiz_seed + be64(int.from_bytes(items[16], "big")) + items[13])
        made = {
            "sealHash": seal_hash,
            "epochKey": epoch_key,
            "quizSeed": quiz_seed,
            "lhat": lhat,
            "nonce": items[14],
            "digest": items[13],
            "blockHash": keccak(rlp.encode(items)),
        }
        s.check(
            f"seal of block {number}",
            {name: unhex(seal[name]) for name in made} == made
            and int(seal["loss"], 16) == int.from_bytes(items[16], "big"),
            seal,
        )
        s.check(
            f"block {number} meets the target",
            lhat < unhex(seal["target"]) and unhex(seal["target"])[:2] == b"\x7f\xff",
            seal,
        )
        epoch = s.node.rpc("poai_getEpoch", hex(number))
        s.check(
            f"epoch of block {number}",
            [
                int(epoch[name], 16)
                for name in ("epoch", "epochBlocks", "firstBlock", "lastBlock", "seedBlock", "blockNumber")
            ]
            == [index, 20, 20 * index, 20 * index + 19, seed_block, number]
            and unhex(epoch["epochKey"]) == epoch_key,
            epoch,
        )
    s.checks.raises("genesis has no seal", "-32001", lambda: s.node.rpc("poai_getSeal", "0x0"))
    quizzes(s)


def quizzes(s):
    quiz = s.node.rpc("poai_getQuiz", "0x2")
    seal = s.node.rpc("poai_getSeal", "0x2")
    process = call("quiz", "--height", 2, "--data-dir", s.node.data, "--model-path", MODEL, "--json")
    told = json.loads(process.stdout)
    s.check("the seal is part of the quiz", seal.items() <= quiz.items())
    s.check(
        "the quiz is what `poaid quiz` computes",
        all(
            quiz[name] == told[name]
            for name in ("text", "items", "salt", "tokens", "scored", "digest", "lhat", "target")
        )
        and told["sealed"] is True
        and int(quiz["loss"], 16) == told["loss"]
        and quiz["quizSeed"] == told["seed"],
        (quiz, told),
    )
    s.check(
        "each answer is in the text", quiz["items"] and all(item["answer"] in quiz["text"] for item in quiz["items"])
    )
    difficulty = s.node.rpc("poai_getDifficulty", "latest")
    target = int(difficulty["target"], 16)
    s.check(
        "difficulty",
        int(difficulty["bits"], 16) == 0x207FFFFF
        and target == 0x7FFFFF << 232
        and int(difficulty["difficulty"], 16) == 2**256 // (target + 1)
        and difficulty["nextBits"] == difficulty["bits"]
        and int(difficulty["blockInterval"], 16) == 1,
        difficulty,
    )
    totals = [int(s.node.rpc("poai_getDifficulty", hex(number))["totalDifficulty"], 16) for number in (4, 5)]
    s.check(
        "a block adds its difficulty to the total", totals[1] - totals[0] == int(difficulty["difficulty"], 16), totals
    )
    s.check("the total is that of the block", s.eth.get_block(5).totalDifficulty == totals[1])
    model = s.node.rpc("poai_getModel")
    with open(MODEL, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    s.check(
        "the model",
        model["sha256"] == "0x" + digest
        and model["engine"] == "exact-1"
        and (int(model["tokenCount"], 16), int(model["scoredTokens"], 16)) == (64, 8),
        model,
    )


def command_line(s, folder):
    s.checks.group("send, tx, block and balance")
    sender, to = s.accounts[5], Account.create().address
    key = folder / "key.txt"
    key.write_text(sender.key.hex(), encoding="ascii")
    node = ("--rpc-url", s.node.url)
    process = call("send", "--to", to, "--amount", "2.5", "--key-file", key, "--wait", "--json", *node)
    s.check("send --wait", process.returncode == 0, process.stderr)
    sent = json.loads(process.stdout)
    receipt = s.eth.get_transaction_receipt(sent["hash"])
    fee = receipt.gasUsed * receipt.effectiveGasPrice
    s.check(
        "what it says",
        sent["succeeded"] is True
        and sent["blockNumber"] == receipt.blockNumber
        and sent["chainId"] == CHAIN_ID
        and int(float(sent["fee"]) * 1e18 + 0.5) == fee,
        sent,
    )
    s.check(
        "what it did",
        s.eth.get_balance(to) == 25 * 10**17 and s.eth.get_balance(sender.address) == RICH - fee - 25 * 10**17,
    )
    shown = json.loads(call("tx", sent["hash"], "--json", *node).stdout)
    s.check(
        "tx",
        shown["receipt"]["blockHash"] == receipt.blockHash.to_0x_hex() and shown["transaction"]["hash"] == sent["hash"],
        shown,
    )
    text = call("tx", sent["hash"], *node)
    s.check("tx for people", text.returncode == 0 and "2.5" in text.stdout, text.stdout + text.stderr)
    block = json.loads(call("block", receipt.blockNumber, "--json", *node).stdout)
    s.check("block", block["hash"] == receipt.blockHash.to_0x_hex(), block)
    s.check("block latest", call("block", "latest", *node).returncode == 0)
    balance = json.loads(call("balance", "--addr", to, "--json", *node).stdout)
    s.check("balance", (balance["poai"], balance["wei"]) == ("2.5", str(25 * 10**17)), balance)
    process = call("send", "--to", to, "--amount", "20000", "--key-file", key, "--json", *node)
    s.check(
        "send of more than there is",
        process.returncode == 1 and "error: " in process.stderr and not process.stdout,
        process.stderr,
    )
    process = call("tx", "0x" + "11" * 32, *node)
    s.check("tx of nothing", process.returncode == 1 and "error: " in process.stderr, process.stderr)
    process = call("block", "latest", "--rpc-url", "http://127.0.0.1:1")
    s.check("no node", process.returncode == 1 and "error: " in process.stderr, process.stderr)
