"""Parts of test_web3.py: contracts, logs, filters, subscriptions."""

import asyncio

from eth_account import Account
from eth_utils import keccak
from web3 import AsyncWeb3
from web3.providers.persistent import WebSocketProvider

from rpc_node import LONGEST_WAIT

SUPPLY = 10**6 * 10**18


def coin(s):
    s.checks.group("an ERC-20 coin in Vyper")
    owner, friend, stranger = s.accounts[1], s.accounts[2], Account.create().address
    s.coin, receipt = s.deploy(owner, "Coin", "Proof Coin", "PRF", SUPPLY)
    created = s.coin.events.Transfer().process_receipt(receipt)
    s.check(
        "the first event",
        len(created) == 1 and created[0].args.value == SUPPLY and created[0].args.receiver == owner.address,
        created,
    )
    read = s.coin.functions
    s.check(
        "what it says of itself",
        (read.name().call(), read.symbol().call(), read.decimals().call(), read.totalSupply().call())
        == ("Proof Coin", "PRF", 18, SUPPLY),
    )
    receipt = s.call_contract(owner, read.transfer(friend.address, 1000))
    moved = s.coin.events.Transfer().process_receipt(receipt)
    s.check(
        "a transfer and its event",
        receipt.status == 1
        and moved[0].args.value == 1000
        and moved[0].logIndex == 0
        and (read.balanceOf(owner.address).call(), read.balanceOf(friend.address).call()) == (SUPPLY - 1000, 1000),
        moved,
    )
    before = read.balanceOf(friend.address).call(block_identifier=receipt.blockNumber - 1)
    s.check("a call on an earlier state", before == 0, before)
    s.call_contract(friend, read.approve(owner.address, 600))
    s.call_contract(owner, read.transferFrom(friend.address, stranger, 400))
    s.check(
        "spending for another",
        (
            read.balanceOf(stranger).call(),
            read.allowance(friend.address, owner.address).call(),
            read.balanceOf(friend.address).call(),
        )
        == (400, 200, 600),
    )
    for name, call, words in (
        ("more than there is", read.transfer(stranger, 601), "not enough coins"),
        ("more than allowed", read.transferFrom(owner.address, stranger, 1), "not allowed"),
    ):
        s.checks.raises(f"{name}: the call", words, lambda: call.call({"from": friend.address}))
        s.checks.raises(f"{name}: the estimate", words, lambda: call.estimate_gas({"from": friend.address}))
        failed = s.call_contract(friend, call)
        s.check(
            f"{name}: mined as failed, without logs",
            failed.status == 0 and not failed.logs and read.balanceOf(friend.address).call() == 600,
            failed,
        )


def journal(s):
    s.checks.group("logs and filters")
    writer, other = s.accounts[1], s.accounts[2]
    s.journal, _ = s.deploy(writer, "Journal")
    first = s.eth.block_number
    by_poll = s.eth.filter({"address": s.journal.address, "fromBlock": first})
    blocks, pending = s.eth.filter("latest"), s.eth.filter("pending")
    notes = [(writer, 1, "one"), (other, 2, "two"), (writer, 3, "three"), (writer, 1, "four")]
    receipts = [s.call_contract(who, s.journal.functions.note(kind, text)) for who, kind, text in notes]
    last = receipts[-1].blockNumber
    polled = by_poll.get_new_entries()
    s.check(
        "a filter of logs", [log.transactionHash for log in polled] == [r.transactionHash for r in receipts], polled
    )
    s.check("it gives nothing twice", by_poll.get_new_entries() == [])
    s.check("all of a filter", len(s.node.rpc("eth_getFilterLogs", by_poll.filter_id)) == 4)
    polled = blocks.get_new_entries()
    chain = [s.eth.get_block(number).hash for number in range(first, s.eth.block_number + 1)]
    s.check("a filter of blocks", set(chain) >= set(polled) and receipts[0].blockHash in polled, polled)
    s.check("a filter of waiting transactions", pending.get_new_entries() == [r.transactionHash for r in receipts])
    for installed in (by_poll, blocks, pending):
        s.check(
            "a filter goes",
            s.eth.uninstall_filter(installed.filter_id) and not s.eth.uninstall_filter(installed.filter_id),
        )
    s.checks.raises("a filter that went", "filter not found", by_poll.get_new_entries)
    logs(s, first, last, receipts, writer)


def logs(s, first, last, receipts, writer):
    """eth_getLogs by range, address and topics."""
    signature = keccak(b"Noted(address,uint256,string)").hex()
    kinds = {kind: "0x" + kind.to_bytes(32, "big").hex() for kind in (1, 2, 3)}

    def texts(**query):
        found = s.eth.get_logs({"fromBlock": first, "toBlock": last, "address": s.journal.address, **query})
        return [s.journal.events.Noted().process_log(log).args.text for log in found]

    s.check("logs of an address", texts() == ["one", "two", "three", "four"], texts())
    s.check("logs of a topic", texts(topics=["0x" + signature]) == ["one", "two", "three", "four"])
    s.check("logs of one of two topics", texts(topics=[None, None, [kinds[1], kinds[3]]]) == ["one", "three", "four"])
    author = "0x" + writer.address[2:].lower().zfill(64)
    s.check("logs of two topics", texts(topics=[None, author, kinds[1]]) == ["one", "four"])
    s.check("logs of a topic that is not there", texts(topics=["0x" + "11" * 32]) == [])
    s.check(
        "logs of another address",
        s.eth.get_logs({"fromBlock": first, "toBlock": last, "address": writer.address}) == [],
    )
    s.check("logs of two addresses", len(texts(address=[s.journal.address, s.coin.address])) == 4)
    s.check(
        "logs of a part", texts(fromBlock=receipts[1].blockNumber, toBlock=receipts[2].blockNumber) == ["two", "three"]
    )
    found = s.eth.get_logs({"blockHash": receipts[2].blockHash})
    s.check("logs of a block", found == receipts[2].logs and len(found) == 1, found)
    by_library = s.journal.events.Noted().get_logs(from_block=first, to_block=last, argument_filters={"kind": 2})
    s.check("logs by the library", [log.args.text for log in by_library] == ["two"], by_library)
    s.checks.raises(
        "a range upside down", "-32602", lambda: s.node.rpc("eth_getLogs", {"fromBlock": "0x2", "toBlock": "0x1"})
    )
    s.checks.raises(
        "a block that is not there", "-32001", lambda: s.node.rpc("eth_getLogs", {"blockHash": "0x" + "11" * 32})
    )


def subscriptions(s):
    s.checks.group("subscriptions by WebSocket")
    seen = asyncio.run(asyncio.wait_for(listen(s), LONGEST_WAIT))
    heads, log, pending, whole, receipt = (seen[name] for name in ("heads", "logs", "hashes", "whole", "receipt"))
    s.check("new heads follow each other", all(a["hash"] == b["parentHash"] for a, b in zip(heads, heads[1:])), heads)
    s.check("the head with the transaction", any(head["hash"] == receipt.blockHash for head in heads), heads)
    s.check(
        "a head is the block's header", s.eth.get_block(heads[0]["hash"]).items() >= dict(heads[0]).items(), heads[0]
    )
    s.check("the log", [dict(entry) for entry in log] == [dict(receipt.logs[0])], log)
    s.check("the waiting transaction's hash", pending == [receipt.transactionHash], pending)
    s.check(
        "the whole waiting transaction",
        [entry["hash"] for entry in whole] == [receipt.transactionHash] and whole[0]["blockHash"] is None,
        whole,
    )
    s.check("the end of subscriptions", seen["ended"] == [True] * 4, seen["ended"])


async def listen(s):
    """What four subscriptions tell of one transaction."""
    names = {}
    seen = {"heads": [], "logs": [], "hashes": [], "whole": []}
    async with AsyncWeb3(WebSocketProvider(s.node.url.replace("http", "ws"))) as socket:
        s.check("a call by WebSocket", await socket.eth.chain_id == s.eth.chain_id)
        names[await socket.eth.subscribe("newHeads")] = "heads"
        names[await socket.eth.subscribe("logs", {"address": s.journal.address})] = "logs"
        names[await socket.eth.subscribe("newPendingTransactions")] = "hashes"
        names[await socket.eth.subscribe("newPendingTransactions", True)] = "whole"
        call = s.journal.functions.note(7, "heard")
        sent = await asyncio.to_thread(
            s.send, s.accounts[2], to=s.journal.address, data=call._encode_transaction_data()
        )
        seen["receipt"] = receipt = await asyncio.to_thread(s.mined, sent)
        async for event in socket.socket.process_subscriptions():
            seen[names[event["subscription"]]].append(event["result"])
            heads = seen["heads"]
            if all(seen.values()) and len(heads) > 1 and heads[-1]["number"] > receipt.blockNumber:
                break
        seen["ended"] = [await socket.eth.unsubscribe(name) for name in names]
        return seen
