"""Peers that do wrong to a node of the built program: it keeps the true chain, is rid of them, spends little on them, and
keeps its honest peers. The peers are `Tools/NetworkAdversary`; what each does is in its `Manner`."""
import json
import subprocess
import threading

from network_nodes import ROOT, Usage, check, events, peers, start, stop, until

PROGRAM = ROOT / ".build/release/NetworkAdversary"
# What the node says of a peer when it is rid of it: event, and words of the reason.
ENDINGS = {
    "false-seals": ("peer banned", "invalidBlock"),
    "endless-headers": ("peer banned", "invalidBlock"),
    "false-block": ("peer banned", "invalidBlock"),
    "garbage": ("peer banned", "malformed"),
    "gossip-flood": ("peer banned", "gossipAbuse"),
    "later-version": ("peer refused", "it speaks version 2"),
    "mute": ("peer refused", "did not say which chain"),
}
MOST_MEMORY = 128  # MiB above what the node had
MOST_FILES = 64  # open files above what the node had


class Adversary:
    """A peer that does wrong to a node, and what it says."""

    def __init__(self, manner, node):
        self.manner, self.lines = manner, []
        self.process = subprocess.Popen(
            [PROGRAM, manner, node.multiaddr, "--target", "1000", "--dev-accounts", "3"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Keeps what it prints."""
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def details(self, event):
        """What it said of an event, each time."""
        return [line["detail"] for line in list(self.lines) if line["event"] == event]

    @property
    def peer_id(self):
        """Who it is; empty before it is connected."""
        return (self.details("connected") + [""])[0]

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def said(node, event, peer_id):
    """The reasons that a node gave in such events about a peer."""
    return [record["reason"] for record in events(node, event) if record["peer"] == peer_id]


def has_ended(node, adversary):
    """Whether the node is rid of the peer, for the right reason."""
    event, words = ENDINGS[adversary.manner]
    return any(words in reason for reason in said(node, event, adversary.peer_id)) and bool(adversary.details("disconnected"))


def is_on_true_chain(node, source):
    """Whether all blocks of a node are those of the honest one."""
    height = min(node.head()[0], source.head()[0])
    blocks = [[at.call("eth_getBlockByNumber", hex(number), False) for at in (node, source)] for number in range(height + 1)]
    return all(left and right and left["hash"] == right["hash"] for left, right in blocks)


def attack_a_node(folder, source):
    """All kinds at once, on a node that follows an honest miner."""
    node = start(12, folder, "--peer-multiaddr", source.multiaddr, mines=False)
    check("the node follows the miner", until(lambda: node.head()[0] >= source.head()[0] > 0), node.head())
    usage = Usage(node.process)
    memory, files = usage.memory(), usage.files()
    gang = [Adversary(manner, node) for manner in [*ENDINGS, "stale-tip"]]
    try:
        most_memory = most_files = 0
        start_height = source.head()[0]

        def is_over():
            nonlocal most_memory, most_files
            most_memory, most_files = max(most_memory, usage.memory()), max(most_files, usage.files())
            return all(has_ended(node, adversary) for adversary in gang[:-1])

        until(is_over, 90)
        for adversary in gang[:-1]:
            check(f"{adversary.manner}: the node is rid of it", has_ended(node, adversary), adversary.lines[-3:])
        stale = gang[-1]
        check("stale-tip: it is no offence", not said(node, "peer banned", stale.peer_id) and not said(
            node, "peer refused", stale.peer_id) and not stale.details("disconnected"), stale.lines)
        check("memory is bounded", most_memory - memory < MOST_MEMORY, f"{memory} MiB before, {most_memory} at most")
        check("files are bounded", most_files - files < MOST_FILES, f"{files} before, {most_files} at most")
        check("the node went on meanwhile", until(lambda: node.head()[0] > start_height, 60), node.head())
        miner = source.multiaddr.rpartition("/")[2]
        check("the honest peer stayed", miner not in {record["peer"] for record in events(node, "peer left")})
        check("only the honest ones are left", peers(node) == 2, peers(node))
    finally:
        for adversary in gang:
            adversary.close()
    wrong = {adversary.peer_id for adversary in gang[:-1]}
    check("nobody else was banned", {record["peer"] for record in events(node, "peer banned")} <= wrong)
    check("the chain is the true one", is_on_true_chain(node, source))
    stop(node)


def attack_a_newcomer(folder, source):
    """A fresh node among peers that claim more than the honest one has."""
    node = start(13, folder, mines=False)
    gang = [Adversary(manner, node) for manner in ("silent", "false-claim", "false-seals", "stale-tip")]
    try:
        check("the liars are there first", until(lambda: peers(node) == len(gang), 30), peers(node))
        node.call("admin_addPeer", source.multiaddr)
        check("the newcomer gets the true chain", until(lambda: node.head()[0] >= source.head()[0] - 1, 120), node.head())
        check("it was the silent one that was asked", until(lambda: gang[0].details("asked"), 10), gang[0].lines)
        check("false seals end in a ban", until(lambda: said(node, "peer banned", gang[2].peer_id), 60), gang[2].lines)
        check("the chain of the newcomer is the true one", is_on_true_chain(node, source))
    finally:
        for adversary in gang:
            adversary.close()
    stop(node)


def adversaries(folder):
    """Attacks on a node that is there and on one that comes."""
    source = start(11, folder)
    check("the miner begins", until(lambda: source.head()[0] >= 8))
    attack_a_node(folder, source)
    attack_a_newcomer(folder, source)
    stop(source)
