# Sourced by the scripts beside it: makes the virtual environment on first use, and again when a pinned requirement changes.
# Speaks on standard error only. Two first uses at once wait for one another.

fail() {
    printf 'storeward: %s\n' "$*" >&2
    exit 2
}

say() { printf 'storeward: %s\n' "$*" >&2; }

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)
venv=$root/.venv

[ -n "${HOME:-}" ] || unset HOME # an empty HOME would mean /; without one, the user's entry in the system counts
unset PYTHONHOME VIRTUAL_ENV
export PYTHONPATH=$root:$root/sandbox PYTHONSAFEPATH=1 PYTHONNOUSERSITE=1 PYTHONUTF8=1

# apt_install PACKAGE...: quietly, as root only.
apt_install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    say "installing $* (apt)"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

# The newest suitable Python goes into $python; STOREWARD_PYTHON names one to use instead.
find_python() {
    for python in ${STOREWARD_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        python=$(command -v "$python") || continue
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    fail "Python 3.11 or newer is needed and was not found; install it, or name it in STOREWARD_PYTHON."
}

make_venv() {
    find_python
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        local version
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        apt_install "python$version-venv" || apt_install python3-venv ||
            fail "the Python module venv is missing; install the package python$version-venv, then try again."
    fi
    rm -rf "$venv"
    mkdir -p "$venv" || fail "cannot write to $root; the virtual environment is made there."
    touch "$venv/.unfinished"
    "$python" -m venv "$venv" >&2 || fail "cannot make a virtual environment in $venv."
}

# What the stamp of requirements file $1 must say: its content and the place of the environment.
fingerprint() { { printf '%s\n' "$venv"; cat "$root/requirements/$1.txt"; } | sha256sum | cut -d' ' -f1; }

is_ready() { [ "$(cat "$venv/.ready-$1" 2>/dev/null)" = "$(fingerprint "$1")" ] && [ -x "$venv/bin/python" ]; }

install_requirements() {
    local started=$SECONDS
    say "setting up, once: the packages of requirements/$1.txt"
    # An environment whose set-up was cut short may lack files of a package that pip takes for installed.
    if [ -e "$venv/.unfinished" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        make_venv
    fi
    touch "$venv/.unfinished"
    "$venv/bin/python" -m pip install --require-hashes -r "$root/requirements/$1.txt" --quiet --no-compile --no-input \
        --disable-pip-version-check --root-user-action ignore --prefer-binary >&2 ||
        fail "the packages could not be installed (see above); check the network and the disk, then try again."
    "$venv/bin/python" -m compileall -q -j 0 "$venv/lib" "$root/storeward" "$root/sandbox" >/dev/null 2>&1 || true
    rm -f "$venv/.unfinished"
    fingerprint base >"$venv/.ready-base" # the packages of dev hold those of base
    [ "$1" = base ] || fingerprint "$1" >"$venv/.ready-$1"
    say "set up in $((SECONDS - started)) s"
}

# prepare base|dev
prepare() {
    is_ready "$1" && return
    command -v flock >/dev/null || fail "the program flock is missing; install the package util-linux."
    exec 9<"$root/requirements" || fail "cannot read $root/requirements."
    flock 9
    is_ready "$1" || install_requirements "$1"
    exec 9<&-
}
