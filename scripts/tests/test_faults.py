#!/usr/bin/env python3
"""Feeds poaid bad files, flags and folders: each must be refused with an error that names the thing, a positive exit
code and no crash, and must not harm what is stored."""
import pathlib
import random
import resource
import shutil
import signal
import stat
import subprocess
import tempfile

from poaid_process import (
    MINER, MODEL, POAID, Checks, announced_height, call, crash_of, error_line, mining, need_program, verify)

checks = Checks("bad input")
check = checks.check


def refused(name, words, *arguments, **options):
    """The call must fail without a crash, and one line of error must hold all words (case ignored)."""
    try:
        process = call(*arguments, timeout=60, **options)
    except subprocess.TimeoutExpired:
        check(name, False, "still running after 60 s")
        return
    line = error_line(process)
    missing = [word for word in words if str(word).lower() not in line.lower()]
    fault = crash_of(process)
    check(name, process.returncode > 0 and not fault and line and not missing,
          f"exit code {process.returncode}, {fault or 'no crash'}, words missing {missing}, error line: {line!r}")


def copy_of_model(folder, name, change):
    """A copy of the model, changed by `change(bytearray) -> bytes`."""
    path = folder / name
    path.write_bytes(change(bytearray(pathlib.Path(MODEL).read_bytes())))
    return path


def flip(data, position):
    """The data with the lowest bit of one byte inverted."""
    data[position] ^= 1
    return data


def models(folder):
    data = folder / "m"
    cut = copy_of_model(folder, "cut.gguf", lambda data: data[: len(data) // 2])
    bad = copy_of_model(folder, "flipped.gguf", lambda data: flip(data, len(data) - 1000))
    header = copy_of_model(folder, "header.gguf", lambda data: data[:8] + b"\xff" * 16 + data[24:])
    (folder / "empty.gguf").write_bytes(b"")
    (folder / "text.gguf").write_text("not a model\n" * 100)
    refused("missing model", ["nowhere.gguf"], *mining(data, model=folder / "nowhere.gguf"))
    refused("truncated model", ["cut.gguf"], *mining(data, model=cut))
    refused("model with one bit flipped", ["flipped.gguf", "sha"], *mining(data, model=bad))
    refused("empty model", ["empty.gguf"], *mining(data, model=folder / "empty.gguf"))
    refused("text as model", ["text.gguf"], *mining(data, model=folder / "text.gguf"))
    refused("folder as model", [folder.name], *mining(data, model=folder))
    refused("inspect of huge counts", ["header.gguf"], "model", "inspect", header)
    refused("inspect of a truncated model", ["cut.gguf"], "model", "inspect", cut)
    for path in (cut, bad, header):
        path.unlink()


def flags(folder):
    data = folder / "f"
    mixed = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"  # a published EIP-55 example
    refused("short address", ["40"], *mining(data, miner="1234"))
    refused("address that is no hex", ["address"], *mining(data, miner="zz" * 20))
    refused("address with a wrong checksum", ["checksum"], *mining(data, miner="0x" + mixed.replace("5aA", "5AA")))
    refused("wrong checksum in balance", ["checksum"], "balance", "--addr", mixed.swapcase(), "--data-dir", data)
    for name, value in [("--target", 0), ("--target", 1001), ("--target", "many"), ("--p2p-port", 70000),
                        ("--p2p-port", "none"), ("--batch-size", 0), ("--epoch-blocks", 0), ("--prune-depth", -1),
                        ("--network", "nosuchnet"), ("--gpu-layers", 7), ("--log-format", "smoke")]:
        refused(f"{name} {value}", [name.lstrip("-")], *mining(data, f"{name}={value}"))
    refused("a peer without its id", ["peer-multiaddr", "/p2p/"],
            *mining(data, "--peer-multiaddr", "/ip4/127.0.0.1/tcp/4001"))
    refused("an unknown flag", ["--multiaddr"], *mining(data, "--multiaddr", "x"))
    refused("verify of a missing folder", ["nowhere"], "verify", "--data-dir", folder / "nowhere", "--model-path", MODEL)
    refused("balance of a missing folder", ["nowhere"], "balance", "--addr", MINER, "--data-dir", folder / "nowhere")
    check("a refused start leaves no data folder", not (folder / "nowhere").exists())


def keys(folder):
    place = folder / "keys"
    made = call("generate-key", "--save", "--output-dir", place)
    check("generate-key", made.returncode == 0, made.stderr)
    private, address = place / "poai_private_key.txt", place / "poai_address.txt"
    secret = private.read_text()
    check("the key file is private", stat.S_IMODE(private.stat().st_mode) == 0o600)
    check("the key is 64 hex digits", len(secret.strip()) == 64 and int(secret, 16) > 0)
    check("the address is 40 hex digits", len(bytes.fromhex(address.read_text().strip())) == 20)
    check("the key is not printed", secret.strip() not in made.stdout + made.stderr)
    refused("generate-key over a key", ["poai_private_key.txt"], "generate-key", "--save", "--output-dir", place)
    check("the key is still there", private.read_text() == secret)


def mine(data, height):
    process = call(*mining(data, "--stop-at-height", height))
    check(f"mining to block {height}", process.returncode == 0, process.stderr[-2000:])


def second_node(data):
    with subprocess.Popen([POAID, *mining(data)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as first:
        for line in first.stdout:
            if announced_height(line) is not None:
                break
        refused("a second node on the same folder", [data.name], *mining(data))
        # The first node writes on: what it prints must not block it.
        first.send_signal(signal.SIGTERM)
        first.stdout.read()
        check("SIGTERM stops the first node cleanly", first.wait(timeout=60) == 0, f"exit code {first.returncode}")


def chain_files(folder, data):
    """A good exported chain is taken; cut or changed ones are refused."""
    good = folder / "chain.rlp"
    done = call("export", "--data-dir", data, good)
    check("export", done.returncode == 0, done.stderr)
    if done.returncode != 0:
        return
    blocks = bytearray(good.read_bytes())
    done = call("import", "--data-dir", folder / "i0", "--model-path", MODEL, "--target", 1000, good)
    check("import of a good file", done.returncode == 0, done.stderr)
    for name, content in [("cut", blocks[:-5]), ("flipped", flip(bytearray(blocks), len(blocks) // 2)),
                          ("long", blocks + b"\xbf" + b"\xff" * 9), ("noise", random.Random(1).randbytes(5000))]:
        path = folder / f"{name}.rlp"
        path.write_bytes(content)
        refused(f"import of a {name} chain file", [path.name],
                "import", "--data-dir", folder / f"i-{name}", "--model-path", MODEL, "--target", 1000, path)


def database_file(data):
    """The file that holds the chain: the largest one of the data folder."""
    return max((path for path in data.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)


def database_pages(folder, data):
    """One bit flipped in every stored header must be found; overwritten pages must never crash a reader."""
    original = database_file(data)
    content = original.read_bytes()
    place, broken = original.relative_to(data), folder / "broken"

    def damaged(change):
        shutil.rmtree(broken, ignore_errors=True)
        shutil.copytree(data, broken)
        broken.joinpath(place).write_bytes(change)
        process, result = verify(broken)
        return process, result and result.get("ok"), crash_of(process)

    process, okay, crash = damaged(content)
    check("verify of an untouched copy", process.returncode == 0 and okay is True, process.stderr)
    miner = bytes.fromhex(MINER)
    check("the database holds the miner's address", miner in content)
    process, okay, crash = damaged(content.replace(miner, bytes(flip(bytearray(miner), 3))))
    check("verify finds a bit flipped in stored headers", process.returncode > 0 and okay is not True and not crash,
          f"exit code {process.returncode}, ok {okay}, {crash}")
    noise = random.Random(7)
    pages = range(0, len(content), 4096)
    for page in noise.sample(pages, min(20, len(pages))):
        changed = content[:page] + noise.randbytes(4096) + content[page + 4096 :]
        process, okay, crash = damaged(changed)
        check(f"noise in page {page // 4096} does not crash verify",
              not crash and (process.returncode == 0) == (okay is True), f"{crash}, ok {okay}: {process.stderr[-300:]}")
    (folder / "foreign").mkdir()
    (folder / "foreign" / place.name).write_bytes(noise.randbytes(65536))
    refused("a foreign file as database", ["foreign"], *mining(folder / "foreign"))


def full_disk(data):
    """A write that fails for lack of space stops the node with an error and loses nothing."""
    before = verify(data)[1]["blocks"]
    room = database_file(data).stat().st_size

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write then fails with an error, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    refused("full disk", ["data"], *mining(data, "--stop-at-height", before + 200), preexec_fn=limit)
    process, result = verify(data)
    check("the chain is whole after a full disk", process.returncode == 0 and result["blocks"] >= before, process.stderr)


def main():
    need_program()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = folder / "data"
        keys(folder)
        flags(folder)
        models(folder)
        mine(data, 4)
        second_node(data)
        chain_files(folder, data)
        database_pages(folder, data)
        full_disk(data)
    checks.finish()


if __name__ == "__main__":
    main()
