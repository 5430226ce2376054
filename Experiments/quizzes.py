"""Quizzes for the experiments: read from a file, or made by the second implementation of docs/spec/quiz.md."""
import importlib.util
import json
import pathlib
import sys

REFERENCE = pathlib.Path(__file__).resolve().parents[1] / "Tests/PoAIWorkTests/Resources/quiz_reference.py"
TOKENS, SCORED = 64, 8


def read(path):
    """Quizzes of a file with one JSON object per line, as `poaid quiz --json` prints them."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def vocabulary(model, reference=REFERENCE):
    """The second implementation and the vocabulary of a model file."""
    sys.dont_write_bytecode = True
    specification = importlib.util.spec_from_file_location("quiz_reference", reference)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    module.read_tables(pathlib.Path(reference).resolve().parents[3] / "docs/spec/quiz.md")
    return module, module.Smol(model)


def generate(module, words, count, salted=True):
    """`count` quizzes of the golden seeds, as dictionaries with `tokens`, `scored` and `subSeed`."""
    def quiz(seed):
        for sub_seed in range(256):
            _, _, tokens, answers = module.draw(words, seed, sub_seed, TOKENS, salted)
            if len(tokens) == TOKENS and len(answers) >= SCORED:
                return {"tokens": tokens, "scored": answers[:SCORED], "subSeed": sub_seed}
        raise SystemExit("no good draw in 256: see docs/spec/quiz.md, section 3")

    return [quiz(module.golden_seed(i)) for i in range(count)]
