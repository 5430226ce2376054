#!/usr/bin/env python3
"""Three nodes of the built program, each on a machine of its own as far as it can see, joined by a network with 100 ms
of delay give or take 20 and with a loss of 5 %, of whose cables two are cut for 20 s while nodes mine and synchronise.
Prints what failed; exit code 0 if nothing did, or if there can be no such network here."""
import pathlib
import sys
import tempfile
import time

import network_nodes
from lossy_network import Hub, NotPermitted
from network_nodes import NODES, Usage, check, checks, clean_up, dev_keys, events, peers, stop, testnet, until

CUT = 20.0  # seconds
checks.name = "loss and delay"


class FarNode(testnet.Node):
    """A node within a namespace of the hub. Calls go to it directly, without delay."""

    def __init__(self, index, folder, space, options):
        self.space = space
        common = ["--target", "300", "--dev-accounts", "3", "--no-discovery", "--p2p-host", space.address]
        with space.inside():
            super().__init__(index, folder, [*common, *options])
        NODES.append(self)
        self.wait_ready()

    def call(self, method, *parameters):
        with self.space.inside():
            return super().call(method, *parameters)

    def height(self):
        return self.head()[0]


def start(index, folder, hub, *others, mines=True):
    options = ["--miner-address", f"{index:040x}"] if mines else ["--no-mine"]
    for other in others:
        options += ["--peer-multiaddr", other.multiaddr]
    return FarNode(index, folder, hub.spaces[index - 1], options)


def send(node, key):
    with node.space.inside():
        return network_nodes.send(node, key)


def has_receipts(nodes, names):
    return all(node.call("eth_getTransactionReceipt", name) for node in nodes for name in names)


def cut(hub, source, miner, fresh):
    """The cables of a miner and of a node that synchronises are cut; both sides mine on."""
    cables = [hub.spaces[node.index - 1] for node in (miner, fresh)]
    for cable in cables:
        cable.is_cut = True
    before, stopped = (source.height(), miner.height()), fresh.height()
    time.sleep(2)  # What was under way has arrived or is lost.
    synced = fresh.height()
    time.sleep(CUT - 2)
    check("the cut node gets nothing", fresh.height() == synced, f"{stopped} {synced} {fresh.height()}")
    after = (source.height(), miner.height())
    check("both sides mine meanwhile", after[0] > before[0] and after[1] > before[1], f"{before} {after}")
    for cable in cables:
        cable.is_cut = False


def run(folder, hub):
    one = start(1, folder, hub)
    two = start(2, folder, hub, one)
    check("two nodes meet", until(lambda: peers(one) == 1 and peers(two) == 1, 60), f"{peers(one)} {peers(two)}")
    keys = dev_keys(one)
    sent = [send(one, keys[0]), send(two, keys[1])]
    check("they mine 12 blocks", until(lambda: min(one.height(), two.height()) >= 12), f"{one.head()} {two.head()}")
    check("the transfers of both are mined, seen by both", until(lambda: has_receipts([one, two], sent), 60), sent)
    three = start(3, folder, hub, one, two, mines=False)
    check("the third begins to synchronise", until(lambda: three.height() > 0, 60), three.log)
    held = {node: (Usage(node.process).files(), Usage(node.process).memory()) for node in NODES}
    cut(hub, one, two, three)
    check("the third comes to the height of the others", until(lambda: three.height() >= one.height() - 2, 60))
    again = until(lambda: all(peers(node) == 2 for node in NODES), 60)
    check("all are connected again", again, [peers(node) for node in NODES])
    sent.append(send(three, keys[2]))
    check("the third's transfer is mined, all are seen by all", until(lambda: has_receipts(NODES, sent), 60), sent)
    check("one head on all", testnet.settle(NODES) is not None, [node.head() for node in NODES])
    check("the transfers are in the one chain", has_receipts(NODES, sent))
    check("nobody was banned", not any(events(node, "peer banned") for node in NODES))
    for node, (most, resident) in held.items():
        now = Usage(node.process)
        check(f"node {node.index}: files are bounded", now.files() <= most + 16, f"{most} {now.files()}")
        check(f"node {node.index}: memory is bounded", now.memory() < resident + 128, f"{resident} {now.memory()} MiB")
    check("frames were lost", hub.lost > hub.carried / 50, f"{hub.lost} of {hub.carried}")
    stop(*NODES)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="poai-netem-"))
    try:
        with Hub(3, delay=0.1, jitter=0.02, loss=0.05) as hub:
            run(folder, hub)
            print(f"{checks.name}: {hub.carried} frames carried, {hub.lost} lost")
    except NotPermitted as error:
        print(f"SKIPPED: loss and delay; no network namespaces here: {error}")
        sys.exit(0)
    finally:
        clean_up(folder)
    checks.finish()


if __name__ == "__main__":
    main()
