"""Parts of test_web3.py: what waits in the pool, and what the node does not take."""

from eth_account import Account
from eth_utils import to_checksum_address
import rlp

from rpc_node import CHAIN_ID
from web3_session import GWEI


def gaps(s):
    s.checks.group("a gap of nonces")
    sender, to = s.accounts[3], Account.create().address
    nonce = s.eth.get_transaction_count(sender.address)
    second = s.transaction(sender, to=to, value=2, gas=21_000, nonce=nonce + 1)
    s.eth.send_raw_transaction(second.raw_transaction)
    content = s.node.rpc("txpool_content")
    name = to_checksum_address(sender.address)
    s.check(
        "it is queued",
        [entry["hash"] for entry in content["queued"].get(name, {}).values()] == [second.hash.to_0x_hex()]
        and list(content["queued"][name]) == [str(nonce + 1)]
        and name not in content["pending"],
        content,
    )
    s.check("the pool counts it", int(s.node.rpc("txpool_status")["queued"], 16) == 1)
    s.check("the pool names it", str(nonce + 1) in s.node.rpc("txpool_inspect")["queued"][name])
    s.check("the sender's", list(s.node.rpc("txpool_contentFrom", sender.address)["queued"]) == [str(nonce + 1)])
    s.check(
        "it is known and has no block",
        s.eth.get_transaction(second.hash).blockNumber is None
        and s.node.rpc("eth_getTransactionReceipt", second.hash.to_0x_hex()) is None,
    )
    s.check("it is not the next", s.eth.get_transaction_count(sender.address, "pending") == nonce)
    s.node.wait_for_block(s.node.height() + 2)
    s.check("it is not mined", s.eth.get_transaction(second.hash).blockNumber is None)
    first = s.mined(s.send(sender, to=to, value=1, gas=21_000, nonce=nonce))
    receipt = s.mined(second.hash)
    s.check(
        "with the gap filled both are mined",
        first.status == receipt.status == 1
        and s.eth.get_balance(to) == 3
        and (first.blockNumber, first.transactionIndex) < (receipt.blockNumber, receipt.transactionIndex),
        receipt,
    )
    s.check("the pool is empty", s.node.rpc("txpool_status") == {"pending": "0x0", "queued": "0x0"})


def replacement(s):
    s.checks.group("replacement")
    sender, to = s.accounts[3], Account.create().address
    nonce = s.eth.get_transaction_count(sender.address)

    def offer(value, percent):
        return s.transaction(
            sender,
            to=to,
            value=value,
            gas=21_000,
            nonce=nonce + 1,
            maxFeePerGas=10 * GWEI * percent // 100,
            maxPriorityFeePerGas=GWEI * percent // 100,
        )

    old, low, new = offer(1, 100), offer(2, 109), offer(3, 110)
    s.eth.send_raw_transaction(old.raw_transaction)
    s.checks.raises(
        "9 % more", "replacement transaction underpriced", lambda: s.eth.send_raw_transaction(low.raw_transaction)
    )
    s.eth.send_raw_transaction(new.raw_transaction)
    queued = s.node.rpc("txpool_contentFrom", sender.address)["queued"]
    s.check("10 % more", [entry["hash"] for entry in queued.values()] == [new.hash.to_0x_hex()], queued)
    s.check("the old one is gone", s.node.rpc("eth_getTransactionByHash", old.hash.to_0x_hex()) is None)
    s.mined(s.send(sender, to=to, value=10, gas=21_000, nonce=nonce))
    s.check("the new one is mined", s.mined(new.hash).status == 1 and s.eth.get_balance(to) == 13)
    s.checks.raises("a mined one again", "nonce too low", lambda: s.eth.send_raw_transaction(new.raw_transaction))


def spoiled(raw, item, change):
    """A dynamic fee transaction with one of its RLP items changed."""
    fields = rlp.decode(raw[1:])
    fields[item] = change(fields[item])
    return raw[:1] + rlp.encode(fields)


def refusals(s):
    s.checks.group("what the node does not take")
    sender, to, poor = s.accounts[4], Account.create().address, Account.create()
    nonce = s.eth.get_transaction_count(sender.address)

    def refused(name, words, raw):
        s.checks.raises(name, words, lambda: s.node.rpc("eth_sendRawTransaction", "0x" + bytes(raw).hex()))

    def made(who=sender, **fields):
        return s.transaction(who, **{"to": to, "gas": 21_000, **fields}).raw_transaction

    good, (r, s_item) = made(), (10, 11)
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    refused("another chain", "invalid chain id for signer", made(chainId=CHAIN_ID + 1))
    refused(
        "a high s",
        "invalid sender",
        spoiled(good, s_item, lambda s_: (order - int.from_bytes(s_, "big")).to_bytes(32, "big")),
    )
    refused("r of zero", "invalid sender", spoiled(good, r, lambda _: b""))
    refused("too little money", "insufficient funds for gas * price + value", made(poor))
    refused("more than there is", "insufficient funds for gas * price + value", made(value=10**24))
    refused("a fee beyond everything", "insufficient funds for gas * price + value", made(maxFeePerGas=2**255))
    refused("too little gas", "intrinsic gas too low", made(gas=20_999))
    refused("more gas than a block has", "exceeds block gas limit", made(gas=30_000_001))
    refused(
        "a tip above the fee",
        "max priority fee per gas higher than max fee per gas",
        spoiled(good, 2, lambda _: (10**12).to_bytes(5, "big")),
    )
    refused("a nonce far ahead", "nonce too high", made(nonce=nonce + 65))
    refused("a nonce at the end", "nonce has max value", made(nonce=2**64 - 1))
    refused(
        "initcode too long",
        "max initcode size exceeded",
        sender.sign_transaction(
            {
                "chainId": CHAIN_ID,
                "nonce": nonce,
                "gas": 5_000_000,
                "maxFeePerGas": GWEI * 20,
                "maxPriorityFeePerGas": GWEI,
                "data": b"\0" * 49_153,
                "value": 0,
            }
        ).raw_transaction,
    )
    refused("too many bytes", "131072", made(data=b"\1" * (128 * 1024), gas=3_000_000))
    refused("no transaction", "rlp", b"\2" + rlp.encode([b"a"]))
    refused("nothing", "", b"")
    refused("a blob transaction", "", b"\3" + rlp.encode([b""] * 14))
    refused("bytes too many", "rlp", good + b"\0")
    legacy = Account.create()
    unprotected = legacy.sign_transaction(
        {"nonce": 0, "to": to, "gas": 21_000, "gasPrice": GWEI, "value": 0, "data": b""}
    )
    refused("for every chain", "only replay-protected", unprotected.raw_transaction)
    waiting = made(nonce=nonce + 1)
    s.eth.send_raw_transaction(waiting)
    refused("the same again", "already known", waiting)
    s.do(sender, to=to, gas=21_000, nonce=nonce)
    s.check(
        "the node took nothing of it", s.eth.get_balance(to) == 0 and s.node.rpc("txpool_status")["queued"] == "0x0"
    )
