#!/usr/bin/env python3
"""Checks which module may import which. Reads `swift package dump-package` from standard input.

Rules, each with a negative test in `self_test`:
1. A module depends on and imports only modules of rows above its own in ORDER (`poaid` also imports `PoAICommands`).
2. What a source file imports, the manifest declares: SwiftPM alone lets an undeclared import of a module that happens
   to be built already pass. For a test target it may also be a dependency of a dependency.
3. Modules where every machine must get the same bits do not import Foundation, not even where it is optional.
4. Only test targets use `PoAITestSupport`, `Testing` and `XCTest`; nothing uses `@testable`, which would need a second
   build of every module.
"""
import argparse
import json
import pathlib
import re
import sys
import tempfile

# One row per line of the table in docs/architecture.md; a row may import the rows above it.
ORDER = [
    ["CKernels", "CCRC32C"],
    ["CGMP", "CLMDB", "CSecp256k1"],
    ["PoAIPrimitives"],
    ["PoAIJSON"],
    ["PoAIModel"],
    ["PoAIInference"],
    ["PoAILlama"],
    ["PoAITypes"],
    ["PoAIWork"],
    ["PoAIConsensus"],
    ["PoAITrie"],
    ["PoAIEVM"],
    ["PoAIStateTest"],
    ["PoAIStorage"],
    ["PoAIChain"],
    ["PoAIMempool"],
    ["LibP2P"],
    ["PoAINetwork"],
    ["PoAIRPC"],
    ["PoAIWallet"],
    ["PoAINode"],
    ["PoAICommands"],
    ["ComponentBenchmarks", "ImportBenchmark", "LibP2PPeer", "NetworkAdversary", "SyncBenchmark", "NetworkBenchmark"],
    ["poaid"],
]
RANK = {name: rank for rank, row in enumerate(ORDER) for name in row}
NO_FOUNDATION = {
    "PoAIPrimitives", "PoAIInference", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie", "PoAIEVM",
}
FOUNDATION = {"Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML", "CoreFoundation"}
TEST_ONLY = {"PoAITestSupport", "Testing", "XCTest"}
# Modules of the toolchain; everything else imported must be a declared dependency.
TOOLCHAIN = FOUNDATION | {
    "Swift", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin", "Builtin", "_Concurrency", "RegexBuilder",
    "Testing", "XCTest",
}

IMPORT = re.compile(
    r"^[ \t]*(?P<attributes>(?:@\w+(?:\([^)]*\))?[ \t]+)*)"
    r"(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:class|struct|enum|protocol|func|var|let|typealias|actor)[ \t]+)?`?(?P<module>\w+)",
    re.MULTILINE,
)
# Comments and string literals, so that neither hides nor fakes an import. Line structure is kept for line numbers.
NOT_CODE = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/')


def imports(text):
    """Yields (line number, module, is @testable) for each import declaration of a Swift source."""
    code = NOT_CODE.sub(lambda match: "\n" * match.group().count("\n"), text)
    for match in IMPORT.finditer(code):
        line = code.count("\n", 0, match.start("module")) + 1
        yield line, match["module"], "@testable" in match["attributes"]


def dependency_names(target):
    """Names of the targets and products that a target of the dumped manifest depends on."""
    names = []
    for dependency in target["dependencies"]:
        for kind in ("byName", "target", "product"):
            if kind in dependency:
                names.append(dependency[kind][0])
    return names


def closure(names, targets):
    """The names and everything they depend on, by the manifest."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(dependency_names(targets[name]) if name in targets else [])
    return found


def fault_of_dependency(module, other):
    """Why `module` must not use `other`, or None."""
    if other in TEST_ONLY:
        return f"{other} is for test targets only"
    if other in FOUNDATION and module in NO_FOUNDATION:
        return f"{module} is consensus code, where {other} is not allowed"
    if other in RANK and RANK[other] >= RANK[module] and other != module:
        return f"{module} may import only rows above its own, and {other} is not above it"
    return None


def check(manifest, sources, tests):
    """All faults, as one line each."""
    faults, targets = [], {target["name"]: target for target in manifest["targets"]}
    for name, target in targets.items():
        is_test = target["type"] == "test" or name == "PoAITestSupport"
        declared = set(dependency_names(target))
        usable = closure(declared, targets) if is_test else declared
        if not is_test and name not in RANK:
            faults.append(f"Package.swift: {name} has no place in the order; add it to ORDER in check_imports.py")
            continue
        if not is_test:
            for other in sorted(declared):
                fault = fault_of_dependency(name, other)
                if fault:
                    faults.append(f"Package.swift: {fault}")
        parent = tests if target["type"] == "test" else sources
        folder = parent.parent / target["path"] if target.get("path") else parent / name
        for path in sorted(folder.rglob("*.swift")):
            place = path.relative_to(parent.parent)
            for line, module, testable in imports(path.read_text(encoding="utf-8")):
                if testable:
                    faults.append(f"{place}:{line}: @testable would need a second build; use `package` access")
                fault = None if is_test else fault_of_dependency(name, module)
                if fault:
                    faults.append(f"{place}:{line}: {fault}")
                elif module not in usable and module not in TOOLCHAIN and module != name:
                    faults.append(f"{place}:{line}: {module} is imported but not a dependency of {name} in Package.swift")
    return faults


def self_test():
    """Builds small packages, one broken rule each, and sees each of them refused."""

    def target(name, dependencies=(), kind="regular"):
        return {"name": name, "type": kind, "dependencies": [{"byName": [d, None]} for d in dependencies]}

    good = {
        "PoAIPrimitives/a.swift": "// import Foundation\nlet text = \"\"\"\nimport Foundation\n\"\"\"\n",
        "PoAITypes/a.swift": "public import struct PoAIPrimitives.Hash32\n/*\nimport PoAIStorage\n*/\n",
        "PoAIStorage/a.swift": "import Foundation\nimport PoAIPrimitives\nimport PoAITypes\n",
    }
    targets = {
        "PoAIPrimitives": [], "PoAITypes": ["PoAIPrimitives"], "PoAIStorage": ["PoAIPrimitives", "PoAITypes"],
        "StorageTests": ["PoAITypes"],
    }
    cases = [  # (what is broken, changed dependencies, changed source, words that the fault must hold)
        ("nothing", {}, {}, None),
        ("an import of a lower row", {}, {"PoAITypes/a.swift": "import PoAIStorage\n"}, "PoAIStorage is not above"),
        ("an import with attributes", {}, {"PoAITypes/a.swift": "@preconcurrency public import PoAIStorage\n"},
         "PoAITypes/a.swift:1: PoAITypes may import only"),
        ("a dependency on a lower row", {"PoAITypes": ["PoAIStorage"]}, {}, "Package.swift: PoAITypes may import only"),
        ("an undeclared import", {"PoAIStorage": ["PoAITypes"]}, {}, "PoAIPrimitives is imported but not"),
        ("Foundation in consensus code", {}, {"PoAIPrimitives/a.swift": "let a = 1\n\nimport class Foundation.Thread\n"},
         "PoAIPrimitives/a.swift:3: PoAIPrimitives is consensus code"),
        ("optional Foundation in consensus code", {},
         {"PoAITypes/a.swift": "#if canImport(Foundation)\n    import FoundationEssentials\n#endif\n"},
         "PoAITypes/a.swift:2: PoAITypes is consensus code"),
        ("test support in a module", {}, {"PoAIStorage/a.swift": "import PoAITestSupport\n"}, "test targets only"),
        ("a test of what a dependency depends on", {},
         {"../Tests/StorageTests/a.swift": "import PoAIPrimitives\nimport PoAITypes\nimport Testing\n"}, None),
        ("an undeclared import in a test", {}, {"../Tests/StorageTests/a.swift": "import PoAIStorage\n"},
         "Tests/StorageTests/a.swift:1: PoAIStorage is imported but not"),
        ("@testable", {}, {"PoAIStorage/a.swift": "@testable import PoAITypes\n"}, "@testable would need"),
        ("an unknown module", {"PoAINovelty": []}, {}, "PoAINovelty has no place in the order"),
    ]
    for broken, dependencies, source, words in cases:
        with tempfile.TemporaryDirectory() as root:
            sources = pathlib.Path(root, "Sources")
            for path, text in {**good, **source}.items():
                sources.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
                sources.joinpath(path).write_text(text, encoding="utf-8")
            kinds = {"StorageTests": "test"}
            manifest = {
                "targets": [target(n, d, kinds.get(n, "regular")) for n, d in {**targets, **dependencies}.items()]
            }
            faults = check(manifest, sources, pathlib.Path(root, "Tests"))
        if words is None and faults:
            sys.exit(f"self-test: a good package was refused: {faults}")
        if words is not None and not any(words in fault for fault in faults):
            sys.exit(f"self-test: {broken} was not found; got {faults}")
    print(f"import check: self-test passed ({len(cases)} packages)")


def main():
    parser = argparse.ArgumentParser(description="Checks which module may import which.")
    parser.add_argument("--self-test", action="store_true", help="prove that each rule can fail, then stop")
    parser.add_argument("--sources", type=pathlib.Path, help="the Sources folder")
    parser.add_argument("--tests", type=pathlib.Path, help="the Tests folder")
    options = parser.parse_args()
    if options.self_test:
        self_test()
        return
    if not options.sources or not options.tests:
        parser.error("--sources and --tests are needed, and the dumped manifest on standard input")
    manifest = json.load(sys.stdin)
    faults = check(manifest, options.sources.resolve(), options.tests.resolve())
    for fault in faults:
        print(fault)
    if faults:
        sys.exit(f"import check: {len(faults)} faults")
    print(f"import check: {len(manifest['targets'])} targets, no faults")


if __name__ == "__main__":
    main()
