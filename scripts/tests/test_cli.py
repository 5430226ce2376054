#!/usr/bin/env python3
"""Compares docs/cli.md with the program: every command has a section, every option of its help is mentioned there and
the other way round, JSON has the documented keys. Then, what a closed pipe and a file size limit do to the program."""
import http.server
import json
import os
import pathlib
import pty
import re
import resource
import subprocess
import tempfile
import threading

from poaid_process import MINER, MODEL, POAID, ROOT, Checks, call, crash_of, error_line, mining, need_program

checks = Checks("command line")
check = checks.check
OPTION = re.compile(r"--[a-z0-9][a-z0-9-]*")


def sections():
    """The text of each section of docs/cli.md by its heading."""
    parts = re.split(r"^## (.+)$", (ROOT / "docs/cli.md").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def help_of(command=""):
    return call("help", *command.split()).stdout


def commands(parent=""):
    """Every command that help lists, also those within a command."""
    listed = help_of(parent).partition("SUBCOMMANDS:\n")[2]
    for name in re.findall(r"^  ([a-z][a-z-]*)(?: \(default\))?(?:  |\n)", listed, re.MULTILINE):
        full = f"{parent} {name}".strip()
        yield full
        yield from commands(full)


def prose(section):
    """A section without its examples."""
    return re.sub(r"^(    |[{`]{1,3}).*$", "", section, flags=re.MULTILINE)


def described(section):
    """The options that a section says its command has: first cells of tables, and the lists of those shared."""
    cells = re.findall(r"^\| (`--.*?) \|", section, re.MULTILINE)
    lists = re.findall(r"(?:Also|Options): (.*?)\n\n", section + "\n\n", re.DOTALL)
    return set(OPTION.findall(" ".join(cells + lists)))


def options(pages):
    names = list(commands())
    check("help lists the commands", len(names) >= 13 and {"run", "verify", "model fetch"} <= set(names), names)
    for name in names:
        if name not in pages:
            check(f"docs/cli.md has a section '{name}'", False)
            continue
        there, told = set(OPTION.findall(help_of(name).partition("OPTIONS:")[2])), described(pages[name])
        for title in ("JSON-RPC:", "OTHER NODES:", "NOT IN THIS VERSION:"):
            there |= set(OPTION.findall(help_of(name).partition(title)[2]))
        check(f"every option of '{name}' is described", there <= told, sorted(there - told))
        check(f"every option described of '{name}' exists", told <= there, sorted(told - there))
        known = set(OPTION.findall(prose(pages[name]))) - there
        check(f"'{name}' speaks of no other options", known <= {"--save", "--no-mine"}, sorted(known))
    extra = set(pages) - set(names) - {"What all commands share"}
    check("docs/cli.md has no section too many", not extra, sorted(extra))


def examples(section):
    """The keys of each JSON line in a section."""
    return [set(json.loads(line)) for line in section.splitlines() if line.startswith("{")]


def printed(*arguments, code=0):
    process = call(*arguments)
    check(f"exit code of {arguments[0]}", process.returncode == code, f"{process.returncode}: {process.stderr}")
    try:
        return json.loads(process.stdout)
    except ValueError:
        return {}


def state_test(folder):
    """A file with one test that has no case for the rules of this chain."""
    path = folder / "state_test.json"
    test = {"env": {"currentCoinbase": "0x" + "00" * 20, "currentGasLimit": "0x01", "currentNumber": "0x01",
                    "currentTimestamp": "0x01"}, "pre": {}, "post": {}, "transaction": {}}
    path.write_text(json.dumps({"none": test}), encoding="ascii")
    return path


class Node(http.server.BaseHTTPRequestHandler):
    """As much of a node as `send` asks for, but for the hash of what is sent."""
    ANSWERS = {"eth_chainId": "0x6b20", "eth_getTransactionCount": "0x0", "eth_maxPriorityFeePerGas": "0x1",
               "eth_getBlockByNumber": {"baseFeePerGas": "0x1"}, "eth_estimateGas": "0x5208",
               "eth_getBalance": "0xde0b6b3a7640000"}

    def do_POST(self):  # noqa: N802
        """Answers one call, with null what it does not know."""
        call_ = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"id": call_["id"], "result": self.ANSWERS.get(call_["method"])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Nothing."""


def wallet(pages, folder):
    """Keystores from the command line; a password from a terminal, which must not show it."""
    password = folder / "password"
    password.write_text("secret\n", encoding="ascii")
    places = ("--keystore-dir", folder / "keystore", "--password-file", password)
    made = printed("wallet", "new", "--json", *places)
    check("JSON of wallet new", examples(pages["wallet new"]) == [set(made)], made)
    listed = printed("wallet", "list", "--json", *places[:2])
    check("JSON of wallet list", examples(pages["wallet list"]) == [set(listed)], listed)
    check("wallet list has what wallet new made", listed["keystores"] == [made], listed)
    to_file, shown = examples(pages["wallet export"])
    check("JSON of wallet export", shown == set(printed("wallet", "export", "--json", *places)))
    key = folder / "key.txt"
    check("JSON of wallet export --output",
          to_file == set(printed("wallet", "export", "--json", "--output", key, *places)))
    code, screen = on_terminal(["wallet", "import", key, "--keystore-dir", folder / "typed"], b"typed pass\x7f\r" * 2)
    check("a password typed twice", code == 0 and "Keystore in" in screen and "typed" not in screen.split("Address")[0],
          screen)
    password.write_text("typed pas", encoding="ascii")
    check("it is the one typed, less what was deleted",
          printed("wallet", "export", "--json", "--keystore-dir", folder / "typed", "--password-file", password))
    code, screen = on_terminal(["wallet", "new", "--keystore-dir", folder / "none"], b"typed\rother\r")
    check("two passwords", code == 1 and "not the same" in screen and not (folder / "none").exists(), screen)
    code, screen = on_terminal(["wallet", "new", "--keystore-dir", folder / "none"], b"typed\x03")
    check("Ctrl-C at the password", code == 1 and "stopped" in screen and not (folder / "none").exists(), screen)
    send(pages, key)


def send(pages, key):
    """What `send` does before a node that answers anything but the right hash, which it must notice."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Node) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        process = call("send", "--to", MINER, "--amount", "0.5", "--key-file", key, "--json",
                       "--rpc-url", f"http://127.0.0.1:{server.server_address[1]}",
                       env={**os.environ, "http_proxy": "http://127.0.0.1:1", "no_proxy": "example.org"})
        server.shutdown()
    line = error_line(process)
    check("send to a node that lies", process.returncode == 1 and "eth_sendRawTransaction" in line
          and "poaid tx 0x" in line and not process.stdout, line)
    bare, waited = examples(pages["send"])
    check("JSON of send --wait has more", waited - bare == {"blockHash", "blockNumber", "fee", "succeeded"}
          and bare < waited, f"{bare} {waited}")


def on_terminal(arguments, typed):
    """Runs poaid on a terminal of its own, and types once it asks; returns the exit code and what was to be seen."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(POAID, [POAID, *map(str, arguments)])
    screen, left = b"", [part + end for part, end in re.findall(rb"([^\r\x03]*)([\r\x03])", typed)]
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        screen += part
        if left and re.search(rb"(keystore|again): $", screen):
            os.write(terminal, left.pop(0))
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), screen.decode(errors="replace")


def json_keys(pages, folder, data):
    model = ("--model-path", MODEL)
    saved, bare = examples(pages["generate-key"])
    cases = [
        ("generate-key --save", saved, printed("generate-key", "--json", "--save", "--output-dir", folder / "keys")),
        ("generate-key", bare, printed("generate-key", "--json")),
        ("balance", *examples(pages["balance"]), printed("balance", "--json", "--addr", MINER, "--data-dir", data)),
        ("verify", *examples(pages["verify"]), printed("verify", "--json", "--data-dir", data, *model)),
        ("bench", *examples(pages["bench model"]), printed("bench", "--json", "--seconds", "0.1", *model)),
        ("bench evm", *examples(pages["bench evm"]),
         printed("bench", "evm", "--json", "--code", "0x5b5f56", "--gas", 99999)),
        ("statetest", *examples(pages["statetest"]), printed("statetest", "--json", state_test(folder))),
        ("quiz", *examples(pages["quiz"]), printed("quiz", "--json", "--height", 1, "--data-dir", data, *model)),
        # The whole self-test takes longer than this test may; scripts/test.sh runs it by itself.
        ("selftest", *[keys | {"error"} for keys in examples(pages["selftest"])],
         printed("selftest", "--json", "--model-path", folder / "none.gguf", code=1)),
    ]
    for name, documented, found in cases:
        check(f"JSON of {name}", documented == set(found), f"documented {documented}, found {set(found)}")
    inspected = printed("model", "inspect", MODEL, "--json")
    told = set(re.findall(r"`([a-zA-Z0-9]+)`", pages["model inspect"].partition("JSON has ")[2])) - {"unsupported"}
    found = {*inspected, *inspected.get("shape", {}), *inspected.get("tensors", [{}])[0]}
    check("JSON of model inspect", told == found, f"documented {told}, found {found}")


def log_lines(pages, data):
    """The lines of --log-format json have the fields of the table of events."""
    rows = re.findall(r"^\| `([a-z ]+)` \| (`.*?`) \|", pages["run"].partition("| event |")[2], re.MULTILINE)
    table = {event: set(re.findall(r"`(\w+)`", fields)) | {"time", "level", "event"} for event, fields in rows}
    process = call(*mining(data, "--stop-at-height", 2))
    check("mining two blocks", process.returncode == 0, process.stderr)
    seen = [json.loads(line) for line in process.stdout.splitlines()]
    for line in seen:
        check(f"log line '{line['event']}'", table.get(line["event"]) == set(line), f"{line}")
    check("events of a run", {"starting", "model ready", "chain ready", "block mined", "stopped"}
          <= {line["event"] for line in seen})


def closed_pipe():
    """A reader that goes away ends the program quietly, whether it reads one line or none."""
    script = '"$0" "${@}" | head -n 1; exit "${PIPESTATUS[0]}"'
    for arguments in (["help"], ["help", "run"], ["model", "inspect", MODEL]):
        process = subprocess.run(
            ["bash", "-c", script, POAID, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        check(f"'{arguments[0]} | head -n 1'", process.returncode in (0, 141) and process.stdout and not process.stderr
              and not crash_of(process), f"exit code {process.returncode}: {process.stderr}")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([POAID, "help"], stdin=subprocess.DEVNULL, **pipes) as process:
        process.stdout.close()
        check("a pipe closed from the start", process.wait(timeout=60) in (0, 141) and not process.stderr.read())
    with open("/dev/full", "w", encoding="ascii") as full:
        process = subprocess.run([POAID, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
    check("a full output", process.returncode == 1 and re.fullmatch(r"error: standard output: .+\n", process.stderr),
          f"exit code {process.returncode}: {process.stderr}")


def file_size_limit(folder, data):
    """`ulimit -f 1`: a write that the limit stops is an error in one line and leaves no part of a file behind."""
    path = folder / "limited.rlp"
    process = call("export", "--data-dir", data, path,
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)))
    line = error_line(process)
    check("export above the file size limit", process.returncode == 1 and not crash_of(process)
          and process.stderr.count("\n") == 1 and path.name in line and "File too large" in line,
          f"exit code {process.returncode}: {process.stderr}")
    check("no part of the file is left", not list(folder.glob("limited.rlp*")))


def main():
    need_program()
    pages = sections()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = folder / "data"
        options(pages)
        log_lines(pages, data)
        json_keys(pages, folder, data)
        wallet(pages, folder)
        closed_pipe()
        file_size_limit(folder, data)
    checks.finish()


if __name__ == "__main__":
    main()
