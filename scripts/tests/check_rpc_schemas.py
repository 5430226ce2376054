#!/usr/bin/env python3
"""Validates results of JSON-RPC methods against the schemas of execution-apis.

    check_rpc_schemas.py SCHEMAS EXCHANGES

SCHEMAS is the folder `src` of execution-apis, EXCHANGES a file with one JSON object `{"method", "params", "result"}` a line,
such as `POAI_RPC_EXCHANGES=file swift test --filter ExchangeTests` writes. Fails if a result does not validate, or if no
exchange has a schema. Methods that execution-apis does not describe are counted and named. Needs PyYAML and jsonschema.
"""
import json
import pathlib
import sys

import jsonschema
import yaml

REFERENCE = "#/components/schemas/"


def localized(node):
    """The same schema with references into `$defs`."""
    if isinstance(node, dict):
        return {
            key: value.replace(REFERENCE, "#/$defs/") if key == "$ref" else localized(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [localized(item) for item in node]
    return node


def load(folder):
    """Schemas of components, and of results by method."""
    components, results = {}, {}
    for path in sorted((folder / "schemas").glob("*.yaml")):
        components.update(localized(yaml.safe_load(path.read_text())))
    for part in ("eth", "debug", "txpool", "net", "web3"):
        for path in sorted((folder / part).glob("*.yaml")):
            for method in yaml.safe_load(path.read_text()):
                results[method["name"]] = localized(method["result"]["schema"])
    return components, results


def as_described(method, result):
    """The result, less what the schemas cannot describe; None where nothing is left to check."""
    # An empty list is one of hashes and one of logs at once, which `oneOf` refuses.
    if result == [] and method in ("eth_getLogs", "eth_getFilterChanges", "eth_getFilterLogs"):
        return None
    # The schema has mined transactions only; nodes give null for the place of one that waits, as its siblings say.
    if method == "eth_getTransactionByHash" and result and result.get("blockHash", "") is None:
        place = {"blockHash": "0x" + "00" * 32, "blockNumber": "0x0", "transactionIndex": "0x0", "blockTimestamp": "0x0"}
        if any(result[key] is not None for key in place):
            return result
        return {**result, **place}
    return result


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    components, results = load(pathlib.Path(arguments[0]))
    failures, checked, undescribed = [], 0, set()
    for line in pathlib.Path(arguments[1]).read_text().splitlines():
        exchange = json.loads(line)
        method = exchange["method"]
        if method not in results:
            undescribed.add(method)
            continue
        # Only the default tracer has a schema.
        if any(isinstance(given, dict) and given.get("tracer") for given in exchange["params"]):
            continue
        result = as_described(method, exchange["result"])
        if result is None and exchange["result"] is not None:
            continue
        checked += 1
        schema = {**results[method], "$defs": components}
        for error in jsonschema.Draft202012Validator(schema).iter_errors(result):
            best = jsonschema.exceptions.best_match([error])
            failures.append(f"{method}{exchange['params']}: {best.json_path}: {best.message[:300]}")
    print(f"{checked} results checked, {len(failures)} failures; not described: {' '.join(sorted(undescribed))}")
    for failure in failures:
        print(failure)
    if failures or not checked:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
