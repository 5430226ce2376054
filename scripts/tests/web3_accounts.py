"""Parts of test_web3.py: who the node is, blocks, transfers to the wei, fees."""

import rlp
from eth_account import Account
from eth_utils import keccak, to_checksum_address

from poaid_process import MINER
from rpc_node import CHAIN_ID, RICH, SUBSIDY
from web3_session import GWEI

EMPTY_UNCLES = "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"


def identity(s):
    s.checks.group("who the node is")
    s.check("chain id", s.eth.chain_id == CHAIN_ID == int(s.w3.net.version), s.eth.chain_id)
    s.check("client version", s.w3.client_version.startswith("poaid/"), s.w3.client_version)
    s.check(
        "not syncing, met by nobody", (s.eth.syncing, s.w3.net.listening, s.w3.net.peer_count) == (False, False, 0)
    )
    s.check("no accounts of its own", s.eth.accounts == [])
    s.check("coinbase", s.node.rpc("eth_coinbase") == "0x" + MINER, s.node.rpc("eth_coinbase"))
    s.check("mining", s.node.rpc("eth_mining") is True)
    s.check("hash rate", int(s.node.rpc("eth_hashrate"), 16) < 10_000)
    s.check("web3_sha3", s.node.rpc("web3_sha3", "0x506f4149") == "0x" + keccak(b"PoAI").hex())
    for account in s.accounts:
        s.check("a development account is rich", s.eth.get_balance(account.address) == RICH)
    s.checks.raises("a method that is not there", "-32601", lambda: s.node.rpc("eth_sign", "0x00"))
    s.checks.raises("an argument that makes no sense", "-32602", lambda: s.node.rpc("eth_getBalance", "0x00"))
    for tag in ("safe", "finalized"):
        s.checks.raises(f"no block '{tag}'", "-39001", lambda: s.node.rpc("eth_getBlockByNumber", tag, False))


def blocks(s):
    s.checks.group("blocks")
    s.node.wait_for_block(2)
    block = s.eth.get_block(2)
    raw = bytes.fromhex(s.node.rpc("debug_getRawHeader", "0x2")[2:])
    items = rlp.decode(raw)
    s.check("hash of the raw header", keccak(raw) == block.hash, block)
    s.check("state root of the raw header", items[3] == block.stateRoot and len(items) == 17, items)
    s.check("a block by its hash", s.eth.get_block(block.hash) == block)
    s.check("parent", block.parentHash == s.eth.get_block(1).hash)
    s.check("no uncles", block.uncles == [] and block.sha3Uncles.hex() == EMPTY_UNCLES)
    s.check(
        "uncle counts",
        s.node.rpc("eth_getUncleCountByBlockNumber", "0x2") == "0x0"
        and s.node.rpc("eth_getUncleByBlockNumberAndIndex", "0x2", "0x0") is None,
    )
    s.check("miner", block.miner == to_checksum_address(MINER))
    s.check("size", block.size == (len(bytes.fromhex(s.node.rpc("debug_getRawBlock", "0x2")[2:]))), block.size)
    s.check("a block of the future is null", s.node.rpc("eth_getBlockByNumber", "0xffffffff", False) is None)
    s.check("earliest is genesis", s.eth.get_block("earliest").number == 0)
    s.check("pending is the head", s.eth.get_block("pending").number >= 2)


def transfers(s):
    s.checks.group("transfers")
    sender = s.accounts[0]
    for name, price in (
        ("dynamic", {}),
        ("legacy", {"gasPrice": 21 * GWEI}),
        ("access list", {"gasPrice": 21 * GWEI, "accessList": [{"address": sender.address, "storageKeys": []}]}),
    ):
        gas = 21_000 + (2_400 if "accessList" in price else 0)
        transfer(s, sender, name, price, gas)


def transfer(s, sender, name, price, gas):
    """One transfer; every wei of the block is accounted for."""
    to, value = Account.create().address, 15 * 10**17
    sent = s.transaction(sender, to=to, value=value, gas=gas, **price)
    receipt = s.mined(s.eth.send_raw_transaction(sent.raw_transaction))
    after = receipt.blockNumber
    block = s.eth.get_block(after, full_transactions=True)
    tip = min(GWEI, 20 * GWEI - block.baseFeePerGas) if not price else 21 * GWEI - block.baseFeePerGas
    paid = block.baseFeePerGas + tip
    s.check(
        f"{name}: receipt",
        (receipt.status, receipt.gasUsed, receipt.effectiveGasPrice, receipt["from"], receipt.to, receipt.logs)
        == (1, gas, paid, sender.address, to, []),
        receipt,
    )

    def change(address):
        return s.eth.get_balance(address, after) - s.eth.get_balance(address, after - 1)

    miner = to_checksum_address(MINER)
    s.check(f"{name}: the receiver has it", change(to) == value == s.eth.get_balance(to), change(to))
    s.check(f"{name}: the sender paid", change(sender.address) == -value - gas * paid, change(sender.address))
    s.check(f"{name}: the miner got subsidy and tip", change(miner) == SUBSIDY + gas * tip, change(miner))
    burnt = SUBSIDY - change(to) - change(sender.address) - change(miner)
    s.check(f"{name}: the base fee is burnt", burnt == gas * block.baseFeePerGas, burnt)
    transaction = s.eth.get_transaction(sent.hash)
    s.check(
        f"{name}: the transaction is in the block",
        transaction in block.transactions
        and transaction.blockHash == block.hash
        and transaction.nonce == s.eth.get_transaction_count(sender.address) - 1,
        transaction,
    )
    s.check(f"{name}: by place", s.eth.get_transaction_by_block(after, receipt.transactionIndex) == transaction)
    s.check(
        f"{name}: its bytes",
        s.node.rpc("debug_getRawTransaction", sent.hash.to_0x_hex()) == sent.raw_transaction.to_0x_hex(),
    )
    s.check(f"{name}: counts", s.eth.get_block_transaction_count(after) == 1 == len(s.eth.get_block_receipts(after)))
    s.check(f"{name}: type", transaction.type == receipt.type == {"dynamic": 2, "legacy": 0, "access list": 1}[name])


def next_base_fee(block):
    """EIP-1559, elasticity 2 and denominator 8."""
    fee, goal = block.baseFeePerGas, block.gasLimit // 2
    if block.gasUsed > goal:
        return fee + max(fee * (block.gasUsed - goal) // goal // 8, 1)
    return fee - fee * (goal - block.gasUsed) // goal // 8


def fees(s):
    s.checks.group("fees")
    receipt = s.do(s.accounts[0], to=s.accounts[1].address, value=1, gas=21_000, maxPriorityFeePerGas=2 * GWEI)
    last = receipt.blockNumber
    history = s.eth.fee_history(5, last, [10, 50, 90])
    found = [s.eth.get_block(number) for number in range(last - 4, last + 1)]
    s.check("fee history: first block", history.oldestBlock == last - 4, history)
    s.check("fee history: base fees", history.baseFeePerGas[:5] == [block.baseFeePerGas for block in found], history)
    s.check("fee history: next base fee", history.baseFeePerGas[5] == next_base_fee(found[-1]), history)
    s.check("base fees of a chain", all(next_base_fee(a) == b.baseFeePerGas for a, b in zip(found, found[1:])))
    s.check(
        "fee history: gas used", history.gasUsedRatio == [block.gasUsed / block.gasLimit for block in found], history
    )
    s.check("fee history: rewards", len(history.reward) == 5 and history.reward[4] == [2 * GWEI] * 3, history)
    s.check("fee history without rewards", "reward" not in s.node.rpc("eth_feeHistory", "0x2", "latest"))
    s.check("suggested tip", 0 < s.eth.max_priority_fee <= 2 * GWEI, s.eth.max_priority_fee)
    s.check("gas price", s.eth.gas_price > 0)
    s.check("base fee", int(s.node.rpc("eth_baseFee"), 16) > 0)
