#!/usr/bin/env bash
# Fuzzes everything that reads bytes from outside with libFuzzer, guided by coverage, with the address sanitizer.
#
#   scripts/fuzz.sh [--seconds N] [TARGET...]    default: 60 seconds for each of all targets, as many at a time as cores
#   scripts/fuzz.sh --list                       names the targets
#   scripts/fuzz.sh TARGET --input FILE          runs one input and shows where it traps
#
# The targets are in Fuzz/. Inputs that make one trap, hang or break a rule are kept in Tests/Fixtures/MODULE/regressions,
# where the unit tests run them ever after; TARGET-... is the name of such a file.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd -- "$repo_root"

readonly all_targets=(
    gguf rlp header block transaction receipt chain_file chain_spec compact_target rpc_request
    address multistream noise yamux identify gossipsub kademlia mdns wire
)
readonly work=.build/fuzz

# module_of TARGET: whose tests run its regressions.
module_of() {
    case $1 in
        gguf) echo PoAIModel ;;
        rlp) echo PoAIPrimitives ;;
        header | block | transaction | receipt | compact_target) echo PoAITypes ;;
        chain_file) echo PoAIChain ;;
        chain_spec) echo PoAINode ;;
        rpc_request) echo PoAIRPC ;;
        address | multistream | noise | yamux | identify | gossipsub | kademlia | mdns) echo LibP2P ;;
        wire) echo PoAINetwork ;;
        *) die "there is no fuzz target '$1'; the targets are: ${all_targets[*]}" ;;
    esac
}

seconds=60 input='' targets=()
while (($# > 0)); do
    case $1 in
        --seconds | --input)
            (($# > 1)) || die "$1 needs a value"
            if [[ $1 == --input ]]; then input=$2; else seconds=$2; fi
            shift
            ;;
        --list)
            printf '%s\n' "${all_targets[@]}"
            exit 0
            ;;
        -*) die "unknown argument '$1'; usage: scripts/fuzz.sh [--seconds N] [TARGET...] [--input FILE]" ;;
        *)
            module_of "$1" >/dev/null
            targets+=("$1")
            ;;
    esac
    shift
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "--seconds must be a whole number above 0, got '$seconds'"
[[ -z $input || ${#targets[@]} == 1 ]] || die "--input needs exactly one target"
((${#targets[@]} > 0)) || targets=("${all_targets[@]}")

# Not every toolchain has libFuzzer: tries it on an empty target.
has_libfuzzer() {
    local probe=$work/probe
    printf '%s\n' '@_cdecl("LLVMFuzzerTestOneInput")' \
        'public func probe(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt { 0 }' >"$probe.swift"
    swiftc -parse-as-library -sanitize=fuzzer,address -o "$probe" "$probe.swift" >"$probe.log" 2>&1
}

# compile NAME FLAGS_AND_SOURCES...: one module, in one go.
compile() {
    local name=$1
    shift
    swiftc -c -O -wmo -swift-version 6 -parse-as-library -package-name poai -sanitize=fuzzer,address \
        -I "$work/modules" -Xcc -fmodule-map-file=Sources/CSecp256k1/module.modulemap \
        -Xcc -fmodule-map-file=Sources/CLMDB/module.modulemap "${library_flags[@]}" \
        -module-name "$name" -emit-module -emit-module-path "$work/modules/$name.swiftmodule" \
        -o "$work/modules/$name.o" "$@" >"$work/$name.log" 2>&1 || {
        cat -- "$work/$name.log" >&2
        die "the fuzz targets could not be built (module $name)"
    }
}

# sources_of FOLDER: its Swift files, one a line.
sources_of() { find "$1" -name '*.swift' | LC_ALL=C sort; }

# The libraries of LibP2P are those of the release build, as they are: BoringSSL takes minutes to compile. What they check is
# not guided by coverage. Their C modules have to be found by whoever imports them.
readonly libraries=(
    SwiftProtobuf Crypto CryptoExtras CryptoBoringWrapper SwiftASN1 NIOCore NIOConcurrencyHelpers _NIOBase64
    _NIODataStructures DequeModule InternalCollectionsUtilities ContainersPreview Atomics
)
readonly c_libraries=(
    CCryptoBoringSSL CCryptoBoringSSLShims CXKCP CXKCPShims CNIOLinux CNIODarwin CNIOWindows CNIOOpenBSD CNIOFreeBSD
    CNIOWASI CNIOAtomics _AtomicsShims
)
library_flags=()

take_libraries() {
    local release=.build/release name
    swift build -c release --target LibP2P >"$work/libraries.log" 2>&1 || {
        cat -- "$work/libraries.log" >&2
        die "the libraries of LibP2P could not be built"
    }
    local folder
    for name in "${c_libraries[@]}"; do
        folder=$(echo .build/checkouts/*/Sources/"$name"/include)
        # A module map of its own, or the one that the build made.
        if [[ -f $folder/module.modulemap ]]; then
            library_flags+=(-Xcc "-fmodule-map-file=$folder/module.modulemap")
        else
            library_flags+=(-Xcc "-fmodule-map-file=$release/$name.build/module.modulemap")
        fi
    done
    for name in "${libraries[@]}"; do cp -- "$release/Modules/$name.swiftmodule" "$work/modules/"; done
    for name in "${libraries[@]}" "${c_libraries[@]}"; do
        find "$release/$name.build" -name '*.o' -printf '"%p"\n'
    done >"$work/libraries"
}

# What of LibP2P works without SwiftNIO: the decoders of foreign bytes and the state machines behind them.
libp2p_sources() {
    local folder=Sources/LibP2P
    sources_of "$folder" | grep -v -e '/Transport/' -e '/GossipSub/Service/' -e '/KademliaService' -e '/Discovery/' \
        -e '/Host/'
    printf '%s\n' "$folder"/GossipSub/Service/GossipSigning.swift "$folder"/Discovery/MDNS/DNS*.swift \
        "$folder"/Host/Peer*.swift "$folder"/Host/Identify/{IdentifyMessage,PeerRecord}.swift \
        "$folder"/Transport/TransportError.swift
}

# Builds the one program that holds all targets, unless it is newer than all sources. The readers of chain files, chain
# specs, RPC requests and messages of the chain's protocols are compiled into the program itself, because their modules would
# pull the whole node in.
build() {
    local binary=$work/fuzz
    if [[ -x $binary ]] && [[ -z $(find Sources Fuzz scripts/fuzz.sh -newer "$binary" -print -quit) ]]; then return 0; fi
    say "Building the fuzz targets"
    rm -rf -- "$work/modules"
    mkdir -p "$work/modules"
    take_libraries
    local sources own
    mapfile -t sources < <(libp2p_sources)
    compile LibP2P "${sources[@]}" &
    local libp2p=$!
    mapfile -t sources < <(sources_of Sources/PoAIPrimitives)
    compile PoAIPrimitives "${sources[@]}"
    mapfile -t sources < <(sources_of Sources/PoAIJSON)
    compile PoAIJSON "${sources[@]}"
    mapfile -t sources < <(sources_of Sources/PoAIModel)
    compile PoAIModel "${sources[@]}" &
    local model=$!
    mapfile -t sources < <(sources_of Sources/PoAITypes)
    compile PoAITypes "${sources[@]}"
    compile PoAIStorage Sources/PoAIStorage/StorageError.swift Sources/PoAIStorage/LMDB/EngineErrors.swift
    wait "$model" && wait "$libp2p" || exit 1
    mapfile -t own < <(sources_of Fuzz)
    mapfile -t sources < <(sources_of Sources/PoAINode/ChainSpecs)
    sources+=(Sources/PoAIRPC/RPCError.swift Sources/PoAIRPC/Server/RPC{Request,Envelope}.swift)
    sources+=(Sources/PoAIRPC/Parameters/{Arguments,Parameter,Parameter+Numbers,BlockChoice,LogFilter}.swift)
    sources+=(Sources/PoAINetwork/Wire/*.swift Sources/PoAINetwork/Sync/HeadersFile.swift)
    compile PoAIFuzz "${own[@]}" "${sources[@]}" Sources/PoAIChain/Files/BlockFile{Reader,Error}.swift
    swiftc -sanitize=fuzzer,address -o "$binary.new" "$work"/modules/*.o "@$work/libraries" -lsecp256k1 -llmdb \
        >"$work/link.log" 2>&1 || {
        cat -- "$work/link.log" >&2
        die "the fuzz targets could not be linked"
    }
    mv -f -- "$binary.new" "$binary"
}

# fuzz TARGET: its output goes to a log that is shown if there is a finding.
fuzz() {
    local target=$1 regressions
    regressions=Tests/Fixtures/$(module_of "$target")/regressions
    local log=$work/$target.log options=(-max_len=8192)
    [[ $target != compact_target ]] || options=(-max_len=36)
    # Each byte may cost a step of a router or of a lookup.
    [[ $target != gossipsub && $target != kademlia ]] || options=(-max_len=2048)
    [[ ! -f Fuzz/$target.dict ]] || options+=(-dict="Fuzz/$target.dict")
    mkdir -p "$work/corpus/$target" "$regressions"
    # The runtime's own crash reporter would get in the way of libFuzzer's, which saves the input.
    if SWIFT_BACKTRACE=enable=no POAI_FUZZ_TARGET=$target "$work/fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -verbosity=0 -print_final_stats=1 -artifact_prefix="$regressions/$target-" "${options[@]}" \
        "$work/corpus/$target" "$work/seeds/$target" "$regressions" >"$log" 2>&1 </dev/null; then
        say "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $seconds s, no finding"
    else
        tail -n 40 -- "$log" >&2
        warn "$target: a finding; the input is in $regressions, see 'scripts/fuzz.sh $target --input FILE'"
        return 1
    fi
}

require_swift
install_build_packages
install_packages python3
mkdir -p "$work"
if ! has_libfuzzer; then
    warn "SKIPPED: fuzzing; this Swift toolchain cannot build for libFuzzer: $(grep -m 1 error: "$work/probe.log")"
    exit 0
fi
build
if [[ -n $input ]]; then
    POAI_FUZZ_TARGET=${targets[0]} exec "$work/fuzz" "$input"
fi
python3 scripts/fuzz_seeds.py "$work/seeds"

failed=0 running=0 cores=$(nproc)
for target in "${targets[@]}"; do
    if ((running == cores)); then
        wait -n || failed=1
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
while ((running > 0)); do
    wait -n || failed=1
    running=$((running - 1))
done
exit "$failed"
