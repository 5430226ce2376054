"""What the parts of test_web3.py share: web3.py on a node, accounts, contracts, transactions."""

import json
import pathlib

from eth_account import Account
from eth_utils import keccak
from web3 import HTTPProvider, Web3
from vyper import compile_code
from vyper.compiler.settings import Settings

from rpc_node import CHAIN_ID, LONGEST_WAIT, Node

GWEI = 10**9
CONTRACTS = pathlib.Path(__file__).parent / "contracts"


def dev_account(index):
    """Development account `index`: docs/cli.md says how its key is made."""
    return Account.from_key(keccak(f"poai/dev-account/1/{index}".encode()))


class RecordingProvider(HTTPProvider):
    """Keeps what the node answered."""

    def make_request(self, method, params):
        answer = super().make_request(method, params)
        if "result" in answer:
            sent = json.loads(self.encode_rpc_request(method, params))
            Node.exchanges.append({"method": method, "params": sent["params"], "result": answer["result"]})
        return answer


class Session:
    """A node, its web3.py, the checks, and rich accounts of which every part of the test takes its own."""

    def __init__(self, node, checks, accounts):
        self.node, self.checks, self.check, self.accounts = node, checks, checks.check, accounts
        self.w3 = Web3(RecordingProvider(node.url, request_kwargs={"timeout": LONGEST_WAIT}))
        self.eth = self.w3.eth

    def transaction(self, sender, **fields):
        """A signed dynamic fee transaction; `fields` replace what is usual."""
        usual = {
            "chainId": CHAIN_ID,
            "nonce": self.eth.get_transaction_count(sender.address),
            "gas": 500_000,
            "value": 0,
            "maxFeePerGas": 20 * GWEI,
            "maxPriorityFeePerGas": GWEI,
            "data": b"",
        }
        if "gasPrice" in fields:
            del usual["maxFeePerGas"], usual["maxPriorityFeePerGas"]
        return sender.sign_transaction({**usual, **fields})

    def send(self, sender, **fields):
        """The hash of a transaction that the node took."""
        return self.eth.send_raw_transaction(self.transaction(sender, **fields).raw_transaction)

    def mined(self, transaction):
        """The receipt of a transaction once it has one."""
        return self.eth.wait_for_transaction_receipt(transaction, timeout=LONGEST_WAIT, poll_latency=0.05)

    def do(self, sender, **fields):
        return self.mined(self.send(sender, **fields))

    def call_contract(self, sender, function, **fields):
        """The receipt of a transaction that calls a function of a contract."""
        return self.do(sender, to=function.address, data=function._encode_transaction_data(), **fields)

    def deploy(self, sender, name, *arguments):
        """Compiles contracts/NAME.vy, deploys it, and returns the contract and its receipt."""
        built = compile_code(
            (CONTRACTS / f"{name}.vy").read_text(),
            output_formats=["abi", "bytecode", "bytecode_runtime"],
            settings=Settings(evm_version="cancun"),
        )
        factory = self.eth.contract(abi=built["abi"], bytecode=built["bytecode"])
        receipt = self.do(sender, data=factory.constructor(*arguments).data_in_transaction, gas=2_000_000)
        self.check(f"{name} is deployed", receipt.status == 1 and receipt.contractAddress is not None, receipt)
        code = self.eth.get_code(receipt.contractAddress)
        # Immutable values follow the code; these contracts have none.
        self.check(f"code of {name}", code.hex() == built["bytecode_runtime"][2:], code.hex())
        return self.eth.contract(address=receipt.contractAddress, abi=built["abi"]), receipt
