"""Parts of test_web3.py: proofs, reverts and traces, gas; with the contracts of web3_contracts.py."""

import random

import rlp
from eth_account import Account
from eth_utils import keccak

from mpt_proof import BadProof, check_account


def proofs(s):
    s.checks.group("proofs")
    for key, word in ((5, 77), (6, 10**30), (2**255, 1)):
        s.call_contract(s.accounts[1], s.journal.functions.put(key, word))
    number = s.eth.block_number
    root = rlp.decode(bytes.fromhex(s.node.rpc("debug_getRawHeader", hex(number))[2:]))[3]
    # Vyper has slot 1 for `words`, and a word at Keccak-256(slot, key).
    slots = {"0x0": 2**255}
    for key, word in ((5, 77), (6, 10**30), (7, 0)):
        slots["0x" + keccak((1).to_bytes(32, "big") + key.to_bytes(32, "big")).hex()] = word
    proof = s.node.rpc("eth_getProof", s.journal.address, list(slots), hex(number))
    s.check("the proof of a contract and its words", is_believed(root, proof), proof)
    told = [int(slot["value"], 16) for slot in proof["storageProof"]]
    s.check("the words are those that were put", told == list(slots.values()), told)
    for slot, word in slots.items():
        found = int(s.node.rpc("eth_getStorageAt", s.journal.address, slot, hex(number)), 16)
        s.check("eth_getStorageAt gives the same", found == word, found)
    for account in (Account.create(), *s.accounts[:3]):
        told = s.node.rpc("eth_getProof", account.address, [], hex(number))
        balance = int(told["balance"], 16)
        s.check(
            "the proof of an account",
            is_believed(root, told) and balance == s.eth.get_balance(account.address, number),
            told,
        )
    bent = random.Random(1)
    for kind, count in (("accountProof", 40), ("storageProof", 40)):
        missed = sum(is_believed(root, flipped(proof, kind, bent)) for _ in range(count))
        s.check(f"no proof with a wrong byte in {kind} is believed", missed == 0, f"{missed} of {count} are")
    for change in (
        {"balance": "0x1"},
        {"nonce": "0x7"},
        {"codeHash": "0x" + "22" * 32},
        {"accountProof": proof["accountProof"][:-1]},
    ):
        s.check(f"no proof with another {next(iter(change))} is believed", not is_believed(root, {**proof, **change}))


def flipped(proof, kind, bent):
    """The proof with one bit of one node turned."""
    lists = [proof["accountProof"]] if kind == "accountProof" else [slot["proof"] for slot in proof["storageProof"]]
    which = bent.randrange(len(lists))
    nodes = list(lists[which])
    position = bent.randrange(len(nodes))
    node = bytearray.fromhex(nodes[position][2:])
    node[bent.randrange(len(node))] ^= 1 << bent.randrange(8)
    nodes[position] = "0x" + node.hex()
    if kind == "accountProof":
        return {**proof, "accountProof": nodes}
    slots = [{**slot, "proof": nodes} if i == which else slot for i, slot in enumerate(proof["storageProof"])]
    return {**proof, "storageProof": slots}


def is_believed(root, proof):
    try:
        check_account(root, proof)
        return True
    except BadProof:
        return False


def traces(s):
    s.checks.group("reverts and traces")
    sender, functions = s.accounts[1], s.journal.functions
    call = {
        "to": s.journal.address,
        "from": sender.address,
        "data": functions.refuse_within(11)._encode_transaction_data(),
    }
    error = s.checks.raises(
        "the reason of a revert", "the amount is 10 or more", lambda: s.node.rpc("eth_call", call, "latest")
    )
    s.check(
        "code and data of a revert",
        error.code == 3
        and error.data.startswith("0x08c379a0")
        and b"the amount is 10 or more" in bytes.fromhex(error.data[2:]),
        error.data,
    )
    receipt = s.call_contract(sender, functions.refuse_within(11))
    name = receipt.transactionHash.to_0x_hex()
    trace = s.node.rpc("debug_traceTransaction", name)
    steps = trace["structLogs"]
    s.check(
        "a trace of steps",
        trace["failed"] is True
        and trace["gas"] == receipt.gasUsed
        and steps[-1]["op"] == "REVERT"
        and trace["returnValue"].removeprefix("0x") == error.data[2:],
        steps[-1:],
    )
    pairs = [(a, b) for a, b in zip(steps, steps[1:]) if a["depth"] == b["depth"]]
    s.check(
        "each step costs what it says",
        len(pairs) > 50
        and all(a["gas"] - a["gasCost"] == b["gas"] for a, b in pairs if a["op"] not in ("CALL", "STATICCALL")),
    )
    s.check("the call within is deeper", {step["depth"] for step in steps} == {1, 2})
    bare = s.node.rpc("debug_traceTransaction", name, {"disableStack": True, "limit": 3})["structLogs"]
    s.check("a trace without stacks", len(bare) == 3 and all("stack" not in step for step in bare), bare)
    calls = s.node.rpc("debug_traceTransaction", name, {"tracer": "callTracer"})
    inner = calls.get("calls", [{}])[0]
    s.check(
        "a trace of calls",
        calls["error"] == "execution reverted"
        and calls["revertReason"] == "the amount is 10 or more"
        and int(calls["gasUsed"], 16) == receipt.gasUsed
        and inner.get("type") == "CALL"
        and inner["from"] == calls["to"] == inner["to"] == s.journal.address.lower(),
        calls,
    )
    block = s.node.rpc("debug_traceBlockByNumber", hex(receipt.blockNumber))
    s.check("a trace of a block", [{"txHash": name, "result": trace}] == block)
    s.check("a trace of a call", s.node.rpc("debug_traceCall", call, hex(receipt.blockNumber))["failed"] is True)
    noted = s.call_contract(sender, functions.note(9, "traced"))
    calls = s.node.rpc(
        "debug_traceTransaction",
        noted.transactionHash.to_0x_hex(),
        {"tracer": "callTracer", "tracerConfig": {"withLog": True}},
    )
    s.check(
        "logs in a trace",
        [log["topics"] for log in calls["logs"]] == [[t.to_0x_hex() for t in noted.logs[0].topics]],
        calls,
    )
    s.checks.raises(
        "a trace of nothing", "transaction not found", lambda: s.node.rpc("debug_traceTransaction", "0x" + "11" * 32)
    )


def gas(s):
    s.checks.group("gas and access lists")
    sender, receiver = s.accounts[1], Account.create().address
    cases = [
        ("a coin's transfer", s.coin.address, s.coin.functions.transfer(receiver, 5)._encode_transaction_data()),
        ("a word put", s.journal.address, s.journal.functions.put(123, 456)._encode_transaction_data()),
        ("a plain transfer", receiver, "0x"),
    ]
    for name, to, data in cases:
        call = {"from": sender.address, "to": to, "data": data}
        estimate = s.eth.estimate_gas(call)
        s.checks.raises(
            f"{name}: one gas less", "gas", lambda: s.node.rpc("eth_call", {**call, "gas": hex(estimate - 1)}, "latest")
        )
        listed = s.node.rpc("eth_createAccessList", call, "latest")
        receipt = s.do(sender, to=to, data=data, gas=estimate)
        s.check(f"{name}: the estimate is enough", receipt.status == 1 and receipt.gasUsed <= estimate, receipt)
        if name == "a plain transfer":
            s.check(
                "a plain transfer takes 21000",
                estimate == receipt.gasUsed == 21_000 and listed["accessList"] == [],
                listed,
            )
            continue
        keys = {"a coin's transfer": 2, "a word put": 2}[name]
        s.check(
            f"{name}: its access list",
            [(entry["address"], len(entry["storageKeys"])) for entry in listed["accessList"]] == [(to.lower(), keys)],
            listed,
        )
        again = s.node.rpc("eth_createAccessList", {**call, "accessList": listed["accessList"]}, "latest")
        receipt = s.do(sender, to=to, data=data, gas=300_000, accessList=listed["accessList"])
        s.check(
            f"{name}: gas with it",
            int(again["gasUsed"], 16) == receipt.gasUsed and receipt.status == 1,
            (again, receipt.gasUsed),
        )
    overridden = s.node.rpc("eth_call", {"to": receiver}, "latest", {receiver: {"code": "0x602a60005260206000f3"}})
    s.check("a call of code that is assumed", int(overridden, 16) == 42, overridden)
