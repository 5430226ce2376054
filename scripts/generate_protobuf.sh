#!/usr/bin/env bash
# Generates Sources/LibP2P/Protobuf/Generated from Sources/LibP2P/Protobuf/proto. Run it after a change of a .proto file and
# commit the result; a build does not need it.
# Needs protoc (apt-get install protobuf-compiler) and protoc-gen-swift of the version below, from PATH or as $1. Without it:
#   git clone --branch 1.39.0 https://github.com/apple/swift-protobuf && cd swift-protobuf
#   swift build -c release --product protoc-gen-swift && cp .build/release/protoc-gen-swift /a/folder/of/PATH
set -euo pipefail
version=1.39.0
cd "$(dirname "$0")/.."
folder=Sources/LibP2P/Protobuf
plugin=${1:-$(command -v protoc-gen-swift || true)}

command -v protoc >/dev/null || { echo "generate_protobuf: protoc is missing (apt-get install protobuf-compiler)" >&2; exit 1; }
[ -x "$plugin" ] || { echo "generate_protobuf: protoc-gen-swift is missing; this script's head says how to get it" >&2; exit 1; }
found=$("$plugin" --version)
[ "$found" = "protoc-gen-swift $version" ] || { echo "generate_protobuf: need $version, found $found" >&2; exit 1; }

mkdir -p "$folder/Generated"
rm -f "$folder"/Generated/*.pb.swift
protoc --plugin=protoc-gen-swift="$plugin" --proto_path="$folder/proto" --swift_opt=Visibility=Package \
    --swift_out="$folder/Generated" "$folder"/proto/*.proto
ls "$folder"/Generated
