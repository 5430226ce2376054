"""The part of test_rpc_abuse.py that asks what no one would: right calls with some arguments replaced, from a seed."""

import copy
import json
import random

HERE, HASH = "0x" + "c0" * 20, "0x" + "11" * 32
CALL = {
    "from": HERE,
    "to": HERE,
    "gas": "0x30000",
    "maxFeePerGas": "0x77359400",
    "maxPriorityFeePerGas": "0x1",
    "value": "0x1",
    "data": "0x00",
    "accessList": [{"address": HERE, "storageKeys": [HASH]}],
    "chainId": "0x6b21",
}
OVERRIDE = {
    HERE: {
        "code": "0x5f35543660205260405ff3",
        "balance": "0xde0b6b3a7640000",
        "nonce": "0x1",
        "stateDiff": {HASH: HASH},
    }
}
TRACE = {"tracer": "callTracer", "tracerConfig": {"withLog": True, "onlyTopCall": False}, "stateOverrides": OVERRIDE}
STEPS = {"enableMemory": True, "disableStack": False, "disableStorage": False, "enableReturnData": True, "limit": 100}
QUERY = {"fromBlock": "0x0", "toBlock": "latest", "address": [HERE], "topics": [None, [HASH, HASH]]}
# A right call of each method, again and again the same one where it takes different things.
RIGHT = [
    ("web3_sha3", ["0x00"]),
    ("eth_getBlockByNumber", ["0x1", True]),
    ("eth_getBlockByHash", [HASH, False]),
    ("eth_getBlockReceipts", [{"blockNumber": "0x1"}]),
    ("eth_getTransactionByHash", [HASH]),
    ("eth_getTransactionReceipt", [HASH]),
    ("eth_getTransactionByBlockNumberAndIndex", ["0x1", "0x0"]),
    ("eth_sendRawTransaction", ["0x02c0"]),
    ("eth_getBalance", [HERE, {"blockHash": HASH, "requireCanonical": True}]),
    ("eth_getCode", [HERE, "latest"]),
    ("eth_getTransactionCount", [HERE, "pending"]),
    ("eth_getStorageAt", [HERE, "0x0", "latest"]),
    ("eth_getProof", [HERE, ["0x0", HASH], "latest"]),
    ("eth_call", [CALL, "latest", OVERRIDE]),
    ("eth_call", [CALL, "pending"]),
    ("eth_estimateGas", [CALL, "latest", OVERRIDE]),
    ("eth_createAccessList", [CALL, "latest", OVERRIDE]),
    ("eth_feeHistory", ["0x4", "latest", [0, 12.5, 100]]),
    ("eth_getLogs", [QUERY]),
    ("eth_getLogs", [{"blockHash": HASH}]),
    ("eth_newFilter", [QUERY]),
    ("eth_getFilterChanges", ["0x1"]),
    ("eth_getFilterLogs", ["0x1"]),
    ("eth_uninstallFilter", ["0x1"]),
    ("eth_newPendingTransactionFilter", [False]),
    ("txpool_contentFrom", [HERE]),
    ("debug_traceTransaction", [HASH, STEPS]),
    ("debug_traceCall", [CALL, "latest", TRACE]),
    ("debug_traceCall", [CALL, "latest", {**STEPS, "stateOverrides": OVERRIDE}]),
    ("debug_traceBlockByNumber", ["0x1", TRACE]),
    ("debug_traceBlockByHash", [HASH, STEPS]),
    ("debug_getRawHeader", ["0x1"]),
    ("debug_getRawBlock", ["0x1"]),
    ("debug_getRawReceipts", ["0x1"]),
    ("debug_getRawTransaction", [HASH]),
    ("eth_submitWork", ["0x" + "00" * 8, HASH, HASH, "0x1"]),
    ("poai_getSeal", ["0x1"]),
    ("poai_getQuiz", ["0x1"]),
    ("poai_getDifficulty", ["latest"]),
    ("poai_getEpoch", ["latest"]),
    ("poai_getModel", ["latest"]),
    ("eth_getUncleByBlockNumberAndIndex", ["0x1", "0x0"]),
    ("eth_getBlockTransactionCountByHash", [HASH]),
    ("eth_subscribe", ["newHeads"]),
]


def nonsense(node, checks, count, seed):
    """Each call is answered, by a result or by an error that is not the node's own fault."""
    checks.group(f"{count} calls of nonsense, seed {seed}")
    made, answered = random.Random(seed), set()
    for start in range(0, count, 50):
        batch = [call(made, number) for number in range(50)]
        status, body = node.post(json.dumps(batch), timeout=120)
        got = json.loads(body)
        if status != 200 or not is_answered(batch, got):
            checks.check(f"calls {start} to {start + 49} are answered", False, (batch, body[:2000]))
            return
        answered |= {sent["method"] for sent, answer in zip(batch, got) if "result" in answer}
    checks.check("some of each method are right still", len(answered) > 25, sorted(answered))


def is_answered(batch, got):
    return [answer.get("id") for answer in got] == [sent["id"] for sent in batch] and all(
        ("result" in answer) != ("error" in answer) and answer.get("error", {}).get("code") != -32603 for answer in got
    )


def call(made, number):
    """A right call with up to three things in its arguments replaced, left out or doubled."""
    method, arguments = copy.deepcopy(made.choice(RIGHT))
    for _ in range(made.randrange(4)):
        spoil(made, arguments)
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": arguments}


def spoil(made, place):
    """Changes one thing somewhere within a list or an object."""
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = made.choice(keys)
        if isinstance(place[key], (dict, list)) and place[key] and made.random() < 0.8:
            place = place[key]
            continue
        kind = made.randrange(5)
        if kind == 0:
            del place[key]
        elif kind == 1 and isinstance(place, list):
            place.extend([place[key]] * made.choice([1, 1, 1, 50]))
        elif isinstance(place[key], str) and kind < 4:
            place[key] = spoiled_text(made, place[key])
        else:
            place[key] = value(made, 0)
        return


def spoiled_text(made, text):
    position = made.randrange(len(text) + 1)
    other = made.choice(["0", "f", "F", "x", "", " ", "\u0000", "\U0001f600", "00", "ff" * 40])
    return text[:position] + other + text[position + made.randrange(2) :]


def value(made, depth):
    kind = made.randrange(12 if depth < 4 else 8)
    if kind < 2:
        return "0x" + made.randbytes(made.choice([0, 1, 4, 8, 20, 20, 32, 32, 33, 300])).hex()
    if kind < 4:
        return hex(
            made.choice([0, 1, 2, 10, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**255, 2**256 - 1, 2**256])
        )
    if kind < 6:
        return made.choice(["latest", "pending", "earliest", "safe", "0x", "0xg", "", HERE, HASH])
    if kind < 8:
        return made.choice([True, False, None, 0, -1, 1.5, 2**63, 2**64, -(2**70), 1e300])
    if kind < 10:
        return [value(made, depth + 1) for _ in range(made.randrange(5))]
    return {made.choice([*CALL, *QUERY, *TRACE, HERE]): value(made, depth + 1) for _ in range(made.randrange(6))}
